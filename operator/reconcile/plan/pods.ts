/** PURE: what is decided about pods → actions. The same for both of our kinds. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { DesiredObject } from '../../desired/object.ts';
import { timeoutMs } from '../../fleet/deadline.ts';
import type { FleetDecision } from '../../fleet/decide.ts';
import { wordsOf } from '../../fleet/words.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Action, MetadataPatch } from '../action.ts';
import { markPatch, timedMarks, type MarkContext } from '../marks.ts';

/** What the actions depend on. */
export interface PodsInput {
  readonly decision: FleetDecision;
  /** As they were read. */
  readonly pods: readonly KubeObject[];
  /** Pods of ours that another owner has, in all namespaces; an earlier one of the same name may be among them. */
  readonly others: readonly KubeObject[];
}

/** Pods enter DNS before others leave it. */
export function markActions({ decision, pods }: PodsInput, context: MarkContext): Action[] {
  const actions = decision.members.flatMap((member) => {
    const object = pods.find(({ metadata }) => metadata.uid === member.pod.uid);
    if (object === undefined) return [];
    const metadata = markPatch(object, member, context);
    if (metadata === undefined) return [];
    const { state, reason = state, message = `Is ${state}` } = member;
    const timed = timedMarks(member, context.nowMs);
    return [{ type: 'patch' as const, object, metadata, reason, message, ...(timed && { timed }) }];
  });
  return actions.toSorted((a, b) => withdraws(a.metadata) - withdraws(b.metadata));
}

/** 1 for a pod that leaves DNS. */
function withdraws({ labels }: MetadataPatch): number {
  return Number(Object.values(labels ?? {}).includes(null));
}

/** At its deadline a pod ends with its calls, instead of waiting for them once more. */
const forcedSeconds = 5;

/** Pods that are to go. */
export function podDeletions({ decision, pods }: PodsInput): Action[] {
  return decision.deletions.flatMap(({ pod, isForced, reason, message }): Action[] => {
    const object = pods.find(({ metadata }) => metadata.uid === pod.uid);
    if (object === undefined) return [];
    const grace = isForced ? { gracePeriodSeconds: forcedSeconds } : {};
    return [{ type: 'delete', object, ...grace, reason, message }];
  });
}

/** What ends pods without us: they drain by themselves, for as long as the deadline of a deletion allows. */
export function lastWords({ pods, decision }: PodsInput, drain: RtcCluster['spec']['drain']): Action[] {
  const going = new Set(decision.deletions.map(({ pod }) => pod.uid));
  const grace = timeoutMs(drain, 'Deletion');
  const { call } = wordsOf(decision.members[0]?.pod ?? { engine: 'Mediasoup' });
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !going.has(metadata.uid ?? ''))
    .map((object) => ({
      ...{ type: 'delete', object, reason: 'NamespaceEnding' },
      ...(grace !== undefined && { gracePeriodSeconds: grace / 1000 }),
      message: `Its namespace is being deleted: it goes on by itself until its last ${call} has ended`,
    }));
}

/** How pods are made: the one with number `index`; `nth` counts the new ones. */
export interface PodMaker {
  readonly namespace: string;
  readonly nameOf: (index: number) => string;
  readonly make: (index: number, nth: number) => DesiredObject;
}

/** The lowest free numbers, past pods that end with an earlier owner of the same name: decided twice on an old view, the second create is refused. */
export function podCreations(
  { decision, pods, others }: PodsInput,
  { namespace, nameOf, make }: PodMaker,
): Action[] {
  const strangers = others.filter(({ metadata }) => metadata.namespace === namespace);
  const taken = new Set([...pods, ...strangers].map(({ metadata }) => metadata.name));
  const free = Array.from({ length: taken.size + decision.create }, (_, index) => index).filter(
    (index) => !taken.has(nameOf(index)),
  );
  return free.slice(0, decision.create).map((index, nth) => ({
    type: 'create',
    object: make(index, nth),
    reason: 'ScaleUp',
    message: `${decision.wanted} serving pods are wanted`,
  }));
}
