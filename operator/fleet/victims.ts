/** Which pods are the cheapest to lose, when there are more than are wanted. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { sessionsOf } from './members.ts';
import { closingTaints } from './nodes/taints.ts';
import type { PodView } from './pod.ts';
import { isUnprobed } from './probe.ts';

/** What the order depends on beside the pods. */
export interface VictimRules {
  /** Uids of the pods that pass the publish gate. */
  readonly passing: ReadonlySet<string>;
  /** Revision of the current pod template. */
  readonly revision: string;
  readonly tolerations: RtcCluster['spec']['placement']['tolerations'];
}

/** The next to go: each that is chosen changes which zone has too many. Lazy: taken until there are enough. */
export function* victimOrder(pods: readonly PodView[], rules: VictimRules): Generator<PodView> {
  let left = pods.toSorted((a, b) => compare(a.name, b.name));
  while (left.length > 0) {
    const cost = costIn(left, rules);
    const [first, ...others] = left.map((pod) => ({ pod, cost: cost(pod) }));
    if (first === undefined) return;
    const next = others.reduce((best, one) => (isLess(one.cost, best.cost) ? one : best), first).pod;
    yield next;
    left = left.filter((pod) => pod !== next);
  }
}

/**
 * What it costs to lose a pod, the weightiest first: not in DNS yet, failed, on a node that is to be emptied, of an
 * older revision, in a zone with more than others, fewest sessions, lowest load, soonest empty, youngest. Soonest empty is
 * the one with the fewest calls: when the same people are in fewer calls, the last of these ends sooner.
 */
function costIn(pods: readonly PodView[], rules: VictimRules): (pod: PodView) => readonly number[] {
  const zones = Map.groupBy(pods, ({ node }) => node?.zone);
  return (pod) => [
    Number(pod.marks.publishedSinceMs !== undefined),
    Number(!hasFailed(pod, rules)),
    -Number(isOnClosingNode(pod, rules)),
    Number(pod.revision === rules.revision),
    -(zones.get(pod.node?.zone)?.length ?? 0),
    sessionsOf(pod) ?? Number.MAX_SAFE_INTEGER,
    pod.facts?.answered === true ? pod.facts.load : 1,
    pod.facts?.answered === true ? (pod.facts.calls ?? 0) : 0,
    -pod.createdMs,
  ];
}

/**
 * It was in DNS, is ready, and we know too little to let it in again: its node is back before we asked and called it, or
 * we are cut off from it. It has not failed, and may have calls.
 */
export function isUnknown(pod: PodView): boolean {
  const { isReady, marks, facts } = pod;
  if (!isReady || marks.publishedSinceMs === undefined) return false;
  return facts?.answered !== true || isUnprobed(pod);
}

function hasFailed(pod: PodView, { passing }: VictimRules): boolean {
  return !passing.has(pod.uid) && !isUnknown(pod);
}

/** Taints of a node that was lost. They outlast its return by seconds, and say nothing of whether it is to be emptied. */
const outages = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

function isOnClosingNode({ node }: PodView, { tolerations }: VictimRules): boolean {
  return node !== undefined && closingTaints(node, tolerations).some(({ key }) => !outages.has(key));
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((cost, index) => cost !== b[index]);
  return differing !== -1 && (a[differing] ?? 0) < (b[differing] ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? 1 : -1;
}
