/** Whose turn it is to be called, by whom, and over which addresses. PURE. */
import { annotations, labels } from '../desired/names.ts';
import { comesBackOnlyEmpty } from '../fleet/departures.ts';
import type { Facts } from '../fleet/pod.ts';
import type { Verify } from '../fleet/probe.ts';
import type { ProbeFacts, ProbeResult } from '../fleet/probeFacts.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Target } from './targets.ts';

/** An SFU pod that can call and be called. */
export interface ProbeTarget {
  readonly target: Target;
  readonly name: string;
  readonly nodeName: string;
  /** Address of its node, which its media is bound to. */
  readonly local: string;
  /** What clients are told. */
  readonly advertised: readonly string[];
  readonly verify: Verify;
  /** Whether it is in DNS. */
  readonly isPublished: boolean;
  /** Whether it may be let into DNS while it has sessions. */
  readonly mayEnter: boolean;
}

/** One probe. */
export interface Turn {
  readonly kind: keyof ProbeFacts;
  readonly of: ProbeTarget;
  readonly by: ProbeTarget;
  readonly addresses: readonly string[];
}

/** From one probe of an idle pod to the next. */
const periodMs = 60_000;
/** The same after a failure: whether it was chance is to be known soon. */
const retryMs = 15_000;

/** Undefined for a pod that cannot be called: not ready, without an address, ending, or a stock rtcd. */
export function probeTargetOf(pod: KubeObject, target: Target, verify: Verify): ProbeTarget | undefined {
  const { name, annotations: marks, labels: found, deletionTimestamp } = pod.metadata;
  const { podIP, conditions = [] } = (pod['status'] ?? {}) as PodStatus;
  const { nodeName } = (pod['spec'] ?? {}) as { readonly nodeName?: string };
  const advertised = listIn(marks?.[annotations.address]);
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const isCallable = [isReady, advertised.length > 0, deletionTimestamp === undefined, !target.rtcd];
  if (isCallable.includes(false) || podIP === undefined || nodeName === undefined) return undefined;
  const isPublished = found?.[labels.published] === 'true';
  const mayEnter = !comesBackOnlyEmpty(marks?.[annotations.drain]);
  return { target, name, nodeName, local: podIP, advertised, verify, isPublished, mayEnter };
}

interface PodStatus {
  readonly podIP?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function listIn(text = ''): string[] {
  return text.split(',').filter((one) => one !== '');
}

/** What turns depend on beside the targets. */
export interface TurnsContext {
  readonly factsOf: (uid: string) => Facts | undefined;
  readonly probeOf: (uid: string) => ProbeFacts;
  readonly nowMs: number;
}

/**
 * Who has sessions is called only when it waits for that to be let into DNS again: a probe is not to disturb anybody, and
 * calls may last longer than it can be missed.
 */
export function dueTurns(targets: readonly ProbeTarget[], context: TurnsContext): Turn[] {
  const { factsOf, probeOf, nowMs } = context;
  const answering = targets.filter(({ target }) => factsOf(target.uid)?.answered === true);
  const byCluster = Map.groupBy(answering, ({ target }) => target.cluster);
  return answering.flatMap((of) => {
    const { media, reach } = probeOf(of.target.uid);
    const { cluster } = of.target;
    const isIdle = sessionsIn(factsOf(of.target.uid)) === 0;
    const isDue = (last: ProbeResult | undefined, addresses: string): boolean =>
      (isIdle || waitsFor(last, of)) && isOld(last, addresses, nowMs);
    const turns: Turn[] = [];
    if (isDue(media, of.local)) turns.push({ kind: 'media', of, by: of, addresses: [of.local] });
    if (of.verify !== 'Off' && isDue(reach, of.advertised.join(',')))
      turns.push({ kind: 'reach', of, by: callerOf(of, byCluster.get(cluster)), addresses: of.advertised });
    return turns;
  });
}

/** A drain that can be taken back is taken back at once: for that, its pod has to have passed already. */
function waitsFor(last: ProbeResult | undefined, { isPublished, mayEnter }: ProbeTarget): boolean {
  return !isPublished && mayEnter && (last === undefined || last.failures > 0);
}

function sessionsIn(facts: Facts | undefined): number | undefined {
  return facts?.answered === true ? facts.sessions : undefined;
}

/** The next pod of the cluster on another node, so that each is the caller of one; the pod itself when there is none. */
function callerOf(of: ProbeTarget, ofCluster: readonly ProbeTarget[] = []): ProbeTarget {
  const others = ofCluster
    .filter(({ nodeName }) => nodeName !== of.nodeName)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return others.find(({ name }) => name > of.name) ?? others[0] ?? of;
}

function isOld(last: ProbeResult | undefined, addresses: string, nowMs: number): boolean {
  if (last === undefined || last.addresses !== addresses) return true;
  return nowMs - last.atMs >= (last.failures > 0 ? retryMs : periodMs);
}
