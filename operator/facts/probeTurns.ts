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
 * In the order of how long they are due: where there is not time for all, nobody is left out for ever. Who has sessions
 * is called only when it waits for that to be let into DNS again: a probe is not to disturb anybody, and calls may last
 * longer than it can be missed.
 */
export function dueTurns(targets: readonly ProbeTarget[], context: TurnsContext): Turn[] {
  const { factsOf, probeOf, nowMs } = context;
  const answering = targets.filter(({ target }) => factsOf(target.uid)?.answered === true);
  const callerOf = callersAmong(answering);
  const due = answering.flatMap((of) => {
    const { media, reach } = probeOf(of.target.uid);
    const isIdle = sessionsIn(factsOf(of.target.uid)) === 0;
    const sinceMs = (last: ProbeResult | undefined, addresses: string): number =>
      isIdle || waitsFor(last, of) ? dueSinceMs(last, addresses, nowMs) : notDue;
    const turns = [
      {
        turn: (): Turn => ({ kind: 'media', of, by: of, addresses: [of.local] }),
        sinceMs: sinceMs(media, of.local),
      },
      {
        turn: (): Turn => ({ kind: 'reach', of, by: callerOf(of), addresses: of.advertised }),
        sinceMs: of.verify === 'Off' ? notDue : sinceMs(reach, of.advertised.join(',')),
      },
    ];
    return turns.filter((one) => one.sinceMs >= 0);
  });
  return due.toSorted((one, other) => byAge(one.sinceMs, other.sinceMs)).map(({ turn }) => turn());
}

/** Longest first; the difference of two infinities is none. */
function byAge(one: number, other: number): number {
  return one === other ? 0 : other - one;
}

/** One call of each kind to each of these pods of one cluster, however recent the last one is. */
export function everyTurn(targets: readonly ProbeTarget[]): Turn[] {
  const callerOf = callersAmong(targets);
  return targets.flatMap((of): Turn[] => [
    { kind: 'media', of, by: of, addresses: [of.local] },
    ...(of.verify === 'Off'
      ? []
      : [{ kind: 'reach' as const, of, by: callerOf(of), addresses: of.advertised }]),
  ]);
}

/** A drain that can be taken back is taken back at once: for that, its pod has to have passed already. */
function waitsFor(last: ProbeResult | undefined, { isPublished, mayEnter }: ProbeTarget): boolean {
  return !isPublished && mayEnter && (last === undefined || last.failures > 0);
}

function sessionsIn(facts: Facts | undefined): number | undefined {
  return facts?.answered === true ? facts.sessions : undefined;
}

/**
 * The next pod of the same cluster on another node, so that each is the caller of one; the pod itself when there is none.
 * The pods of a cluster are put in order once, however many they are.
 */
function callersAmong(targets: readonly ProbeTarget[]): (of: ProbeTarget) => ProbeTarget {
  const inOrder = targets.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const byCluster = Map.groupBy(inOrder, ({ target }) => target.cluster);
  const places = new Map(
    [...byCluster.values()].flatMap((pods) => pods.map(({ target }, at) => [target.uid, at] as const)),
  );
  return (of) => {
    const pods = byCluster.get(of.target.cluster) ?? [];
    const place = places.get(of.target.uid) ?? 0;
    for (let step = 1; step < pods.length; step += 1) {
      const next = pods[(place + step) % pods.length];
      if (next !== undefined && next.nodeName !== of.nodeName) return next;
    }
    return of;
  };
}

const notDue = -1;

/** Milliseconds; infinite where nothing is known of these addresses, `notDue` where it is not time yet. */
function dueSinceMs(last: ProbeResult | undefined, addresses: string, nowMs: number): number {
  if (last === undefined || last.addresses !== addresses) return Infinity;
  const waitedMs = nowMs - last.atMs - (last.failures > 0 ? retryMs : periodMs);
  return waitedMs >= 0 ? waitedMs : notDue;
}
