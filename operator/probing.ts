/** Probe calls, wired: who is there, what is known of them, and their results among the facts. */
import { createProbeClient, type ProbeClient } from './facts/probeClient.ts';
import { createProber } from './facts/prober.ts';
import { type ProbeTarget, probeTargetOf } from './facts/probeTurns.ts';
import { targetOf } from './facts/targets.ts';
import type { Facts } from './fleet/pod.ts';
import type { Verify } from './fleet/probe.ts';
import type { Clock } from './kube/clock.ts';
import type { Fence } from './kube/fence.ts';
import type { Log } from './ops/logger.ts';
import type { Caches } from './reconcile/caches.ts';
import { keyOf } from './reconcile/keys.ts';

/** What probing is made of. */
export interface ProbingDeps {
  readonly caches: Caches;
  readonly log: Log;
  readonly clock: Clock;
  readonly client: ProbeClient;
  readonly fence: Fence | undefined;
  /** What the poller knows. */
  readonly factsOf: (uid: string) => Facts | undefined;
  readonly onNews: (cluster: string) => void;
}

/** Probes at the same time. */
const parallel = 64;
/** From one look at whose turn it is to the next. */
const tickMs = 5_000;
/** Longer than an SFU gives its probe. */
const timeoutMs = 45_000;

/** See the file comment. */
export interface Probing {
  start(): void;
  /** Looks soon whose turn it is. */
  hurry(): void;
  /** The poller's facts, with what probes found. */
  factsOf(uid: string): Facts | undefined;
  stop(): void;
  close(): Promise<void>;
}

/** How pods are had to call each other. */
export function httpProbeClient(): ProbeClient {
  return createProbeClient({ timeoutMs });
}

/** Probing that has not begun. */
export function createProbing({ caches, ...deps }: ProbingDeps): Probing {
  const targets = (): ProbeTarget[] => targetsOf(caches);
  const prober = createProber({ ...deps, targets, tickMs, parallel });
  return {
    start: () => prober.start(),
    hurry: () => prober.hurry(),
    factsOf(uid) {
      const facts = deps.factsOf(uid);
      return facts?.answered === true ? { ...facts, probe: prober.probeOf(uid) } : facts;
    },
    stop: () => prober.stop(),
    close: () => deps.client.close(),
  };
}

/** Nobody is called, and no pod waits for it: where SFUs are asked by other means than HTTP. */
export function noProbing(factsOf: ProbingDeps['factsOf']): Probing {
  const nothing = (): void => undefined;
  return { start: nothing, hurry: nothing, stop: nothing, factsOf, close: () => Promise.resolve() };
}

function targetsOf(caches: Caches): ProbeTarget[] {
  return caches.sfuPods().flatMap((pod) => {
    const target = targetOf(pod, (...of) => caches.secretNamed(...of));
    return (target && probeTargetOf(pod, target, verifyOf(caches, target.cluster))) ?? [];
  });
}

/** As it is written: whether the whole is valid is for its reconcile to say. */
function verifyOf(caches: Caches, cluster: string): Verify {
  const key = keyOf(cluster);
  const object = caches.storesFor(key.namespace ?? '').clusters.get(key);
  const spec = object?.['spec'] as { network?: { address?: { verify?: Verify } } } | undefined;
  return spec?.network?.address?.verify ?? 'Advisory';
}
