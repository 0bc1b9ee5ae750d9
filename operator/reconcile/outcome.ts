/** PURE: what must wait after a refusal, and what is true of the fleet when not everything was written. */
import { labels } from '../desired/names.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { Member } from '../fleet/members.ts';
import type { PodView, Reason } from '../fleet/pod.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Action } from './action.ts';

/** What came of a plan. */
export interface Outcome {
  /** In the order they were run. */
  readonly done: readonly Action[];
  /** Why the first of what was not done was not; absent when all was done. */
  readonly refusal?: Reason;
  /** Pods that were to go and stay. */
  readonly kept: Kept;
}

/** Why pods stay that were to go, by uid. */
export type Kept = ReadonlyMap<string, Reason>;

/** What one look wants to do to pods that are to go: to delete them, or to ask them once more before that. */
export interface Wishes extends Pick<FleetDecision, 'asks'> {
  readonly actions: readonly Action[];
}

/** Nothing is done, and nothing is asked that would lead to something. */
export function heldBy(why: Reason, { actions, asks }: Wishes): Outcome {
  const going = actions
    .filter(({ type }) => type === 'delete')
    .map(({ object }) => object.metadata.uid ?? '');
  const kept = new Map([...going, ...asks].map((uid) => [uid, why]));
  return { done: [], kept, ...(actions.length + asks.length > 0 && { refusal: why }) };
}

/**
 * A pod that may not be deleted is asked anew before each try: what was refused the last time is still so until then.
 */
export function stillRefused(before: Kept, outcome: Outcome, { asks }: Wishes): Outcome {
  const waiting = asks.flatMap((uid) => {
    const why = before.get(uid);
    return why === undefined ? [] : [[uid, why] as const];
  });
  const refusal = outcome.refusal ?? waiting[0]?.[1];
  return { ...outcome, kept: new Map([...waiting, ...outcome.kept]), ...(refusal && { refusal }) };
}

/** Only what rests on what was refused: one bad child must not keep a fleet from draining or healing. */
export function mustWait(action: Action, refused: readonly Action[]): boolean {
  const { type, object } = action;
  if (object.kind === 'Pod' && type === 'create') return refused.some((other) => !isCopy(other));
  // It would carry credentials that are stored nowhere, and perhaps others with every attempt.
  if (object.kind === 'Secret' && type === 'apply')
    return refused.some((other) => other.type !== 'apply' && other.object.kind === 'Secret');
  // DNS must not run empty because nobody could be published instead.
  return publishedBy(action) === null && refused.some((other) => publishedBy(other) === 'true');
}

/** What is in another namespace is for Mattermost; no pod needs it. */
function isCopy({ object }: Action): boolean {
  return object.metadata.labels?.[labels.bindingCluster] !== undefined;
}

function publishedBy(action: Action): string | null | undefined {
  return action.type === 'patch' ? action.metadata.labels?.[labels.published] : undefined;
}

/**
 * The decision, but pods whose marks were not written are as their old marks say, and pods that were not deleted are
 * there, each with the refusal as reason.
 */
export function asWritten(
  decision: FleetDecision,
  planned: readonly Action[],
  { done, refusal, kept }: Outcome,
): FleetDecision {
  if (refusal === undefined) return decision;
  const left = planned.filter((action) => !done.includes(action));
  const unmarked = new Set(left.filter(isMark).map(({ object }) => object.metadata.uid));
  const members = decision.members.map((member) => {
    const why = kept.get(member.pod.uid);
    if (why !== undefined) return { ...asMarked(member, why), ...why };
    return unmarked.has(member.pod.uid) ? asMarked(member, refusal) : member;
  });
  const undeleted = decision.deletions.flatMap(({ pod }) => {
    const why = kept.get(pod.uid);
    return why === undefined ? [] : [{ ...asMarked(asDeleted(pod), why), ...why }];
  });
  return { ...decision, members: [...members, ...undeleted] };
}

/** What a pod would be that is deleted this moment. */
function asDeleted(pod: PodView): Member {
  const { isPublished, isBusy, address } = pod.marks;
  return { pod, state: pod.isDead ? 'Failed' : 'Draining', isPublished, isBusy, address };
}

function isMark({ type, object }: Action): boolean {
  return type === 'patch' && object.kind === 'Pod';
}

/** What is wrong with a pod stays wrong whatever was written: only what we decided about it is taken back. */
function asMarked(member: Member, { reason, message }: Reason): Member {
  const { pod, state, address } = member;
  const { isPublished, isBusy, drain } = pod.marks;
  const deadlineMs = drain?.deadlineMs;
  const marked = {
    ...{ pod, address, isPublished, isBusy, ...(drain && { drain }) },
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
  const isDecided = state === 'Published' || (state === 'Draining' && !pod.isTerminating);
  if (!isDecided) return { ...member, ...marked };
  const before = drain !== undefined ? 'Draining' : isPublished ? 'Published' : 'Gated';
  return { ...marked, state: before, reason, message };
}

/** The finalizer of an RTCCluster or TurnServer is gone and the object with it: nothing to write a status to. */
export function isReleased({ kind, metadata }: KubeObject, done: readonly Action[]): boolean {
  const patched = done.some(({ object }) => object.kind === kind);
  return metadata.deletionTimestamp !== undefined && (patched || (metadata.finalizers ?? []).length === 0);
}
