/** What must be true once nothing happens any more: rest (I5, I6) and convergence (I10). Pure. */
import { annotations } from '../../../operator/desired/names.ts';
import { nodeView } from '../../../operator/reconcile/nodeView.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { deadlineOfPerson, isSetAside } from './kinds/requests.ts';
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { Scene } from './scene.ts';
import type { Settled } from './settled.ts';
import { statedDeadlineMs } from './stated.ts';

/** Writes of operators while nothing happened, such as `delete pods mattermost/calls-sfu-1`. */
export interface Quiet {
  readonly writes: readonly string[];
}

/** I5: with constant load, pods neither come nor go. */
export function noOscillation({ writes }: Quiet): string | undefined {
  const changes = writes.filter((text) => /^(create|delete) pods /.test(text));
  return changes.length === 0 ? undefined : `although nothing happened: ${changes.slice(0, 3).join(', ')}`;
}

/** I6: who has nothing to do writes nothing. */
export function noWritesAtRest({ writes }: Quiet): string | undefined {
  const figures = writes.filter((text) => text.includes('/figures '));
  const others = writes.filter((text) => !text.includes('/figures '));
  const surplus = [...others, ...figures.slice(mostFigures)];
  return surplus.length === 0 ? undefined : `although nothing happened: ${surplus.slice(0, 3).join(', ')}`;
}

/** What a pod can take is learnt over ten minutes and told in steps of a tenth: it may be told some more. */
const mostFigures = 2;

/** An update that goes on when everybody else has done everything. */
export interface Update {
  readonly cluster: RtcCluster;
  /** Pods of another image than the spec asks for. */
  readonly outdated: number;
  /** It cannot succeed: no pod of the image ever gets into DNS. */
  readonly isBad: boolean;
  /** Whether there are calls, which do not end by themselves. */
  readonly hasCalls: boolean;
  /** How long the oldest pod of the image that is asked for has been trying; absent: none has a node. */
  readonly triedForMs?: number;
}

/** Longest time from the creation of a pod to its place in DNS, and from the end of its last call to its own. */
const startMs = 60_000;
/** Longest time from a deadline to the last word about it. */
const noticedMs = 10_000;

/**
 * How long it may take: a canary is tried, then one pod leaves after the other, at once or at its deadline. A bad one
 * is called off when the first new pod has not got into DNS in time; pods that drain already may have to go before it.
 * Where that pod is the only one, nobody is outdated while it tries.
 */
export function updateMs({ cluster, outdated, isBad, hasCalls, triedForMs = Infinity }: Update): number {
  const { drain, update } = cluster.spec;
  const deadlineOfNewMs = update.progressDeadlineSeconds * 1000;
  if (outdated === 0) return isBad ? Math.max(0, deadlineOfNewMs + noticedMs - triedForMs) : 0;
  const deadlineMs = hasCalls ? (statedDeadlineMs(cluster, 'Rollout') ?? 0) : 0;
  const leaveMs = Math.max(deadlineMs, (drain.propagationSeconds + drain.sessionlessSeconds) * 1000);
  const trialMs = update.canary.pods * update.canary.bakeSeconds * 1000;
  return isBad ? 2 * leaveMs + deadlineOfNewMs : trialMs + outdated * (leaveMs + startMs);
}

/** Time until the first end of a pod that is stated, by its drain or by Kubernetes; undefined: none within `withinMs`. */
export function deadlineWithin({ cluster, pods, nowMs }: Scene, withinMs: number): number | undefined {
  const due = [...pods.values()].flatMap(({ object, drainedSinceMs }) => {
    const { metadata } = object;
    const givenMs = deadlineOfPerson(object) ?? Number.NaN;
    const reason = metadata.annotations?.[annotations.drain] ?? '';
    const sinceMs = drainedSinceMs.get(reason) ?? Number.NaN;
    const afterMs = (cluster && statedDeadlineMs(cluster, reason)) ?? Number.NaN;
    return [sinceMs + afterMs - nowMs, givenMs - nowMs, Date.parse(metadata.deletionTimestamp ?? '') - nowMs];
  });
  const soon = due.filter((ms) => ms > 0 && ms <= withinMs);
  return soon.length === 0 ? undefined : Math.min(...soon);
}

/** I10: what is wanted is there. */
export function hasConverged({ cluster, pods, nodes, inDns, badTags }: Settled): string | undefined {
  if (cluster === undefined)
    return pods.length === 0 ? undefined : `${pods.length} pods outlive their cluster`;
  if (cluster.metadata.deletionTimestamp !== undefined) return 'the deleted cluster is still there';
  const { generation } = cluster.metadata;
  const { observedGeneration, desiredPods = 0 } = cluster.status;
  if (observedGeneration !== generation) return `generation ${generation} was never observed`;
  const open = nodes.map(nodeView).filter(isOpen).length;
  const expected = Math.min(desiredPods, open - pods.filter(isSetAside).length);
  const hasBadImage = badTags.some((tag) => cluster.spec.engine.image?.endsWith(tag) === true);
  // A canary may have passed a moment ago: those in whose place new pods come are out of DNS for a while.
  const replaced = Math.min(pods.filter(isReplaced).length, cluster.spec.update.maxUnavailable);
  if (inDns + replaced >= expected || hasBadImage) return undefined;
  return `${inDns} pods are in DNS, ${desiredPods} are wanted and ${open} nodes are open`;
}

function isReplaced({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[annotations.drain] === 'Rollout';
}

function isOpen({ isCordoned, isReady, taints }: ReturnType<typeof nodeView>): boolean {
  return isReady && !isCordoned && taints.length === 0;
}
