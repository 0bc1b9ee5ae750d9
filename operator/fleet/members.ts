/** Pod + gate → member state, with the reason that reaches status, events and logs unchanged. */
import type { memberStates } from '../api/rtcclusterStatus.ts';
import type { DrainMark, PodView, Reason } from './pod.ts';
import type { GateDecision } from './publish.ts';
import { wordsOf } from './words.ts';

/** See `memberStates`. */
export type MemberState = (typeof memberStates)[number];

/** One SFU pod as it is to be: the plan makes its labels and annotations so. */
export interface Member extends Partial<Reason> {
  readonly pod: PodView;
  readonly state: MemberState;
  readonly isPublished: boolean;
  readonly isBusy: boolean;
  /** A rollout has added it, and it has taken the place of no other yet. */
  readonly isSurge?: true;
  readonly drain?: DrainMark;
  /** Who or what wants it gone, while it drains. */
  readonly cause?: string;
  /** When it goes with its calls, by us or, when somebody deletes it, by Kubernetes. */
  readonly deadlineMs?: number;
  readonly address: string;
}

/** State and reason of one pod. */
export type StateDecision = { readonly state: MemberState } & Partial<Reason>;

/** What decides the state beside the pod itself. */
export interface StateInput {
  readonly gate: GateDecision;
  /** Why it stays in DNS although the gate is closed; absent: it does not. */
  readonly whyKept?: string;
  /** Why a drain is not over yet; absent on pods that are not drained. */
  readonly drain?: Reason;
  /** What is to be said of it while it serves: why it stays although it is to leave, or what it cannot do. */
  readonly note?: Reason;
}

/** The first that applies. */
export function stateOf(pod: PodView, input: StateInput): StateDecision {
  return ending(pod, input) ?? starting(pod) ?? serving(pod, input);
}

function ending(pod: PodView, { drain }: StateInput): StateDecision | undefined {
  if (pod.isTerminating) return { state: 'Draining', ...terminating(pod) };
  if (pod.isDead) return { state: 'Failed', ...(pod.problem ?? ended) };
  if (drain !== undefined) return { state: 'Draining', ...drain };
  return undefined;
}

const ended: Reason = { reason: 'PodEnded', message: 'The pod has ended' };
/** What is said of a pod that somebody deletes: it drains by itself. */
export function terminating(pod: PodView): Reason {
  return { reason: 'Terminating', message: `The pod is being deleted ${itsCalls(pod)}` };
}

function itsCalls(pod: PodView): string {
  const sessions = sessionsOf(pod);
  const { calls } = wordsOf(pod);
  if (sessions === undefined)
    return `and says no more whether it has ${calls}; those it has go on until they end`;
  return sessions === 0
    ? `and has no ${calls}: it ends in a moment`
    : `and goes on with its ${calls} until they end`;
}
const nodeGone: Reason = { reason: 'NodeNotReady', message: 'Kubernetes has lost sight of its node' };

/** A problem counts only while the pod is not ready: a crash from which it recovered is over. */
function starting(pod: PodView): StateDecision | undefined {
  if (pod.isReady) return undefined;
  if (isNodeLost(pod)) return { state: 'Failed', ...nodeGone };
  if (pod.nodeName === undefined)
    return { state: 'Pending', ...(pod.problem ?? { reason: 'Scheduling', message: 'It has no node yet' }) };
  if (pod.problem !== undefined) return { state: 'Failed', ...pod.problem };
  return undefined;
}

/** The node of a pod is gone, or Kubernetes does not hear of it. Its calls may still go on. */
export function isNodeLost(pod: PodView): boolean {
  if (pod.nodeName === undefined || pod.isReady) return false;
  // The node is back before anything is known of its pods.
  return pod.node?.isReady !== true || pod.isCutOff === true;
}

function serving(pod: PodView, { gate, whyKept, note }: StateInput): StateDecision {
  if (gate.ok) return { state: 'Published', ...note };
  const { reason, message } = gate;
  if (whyKept !== undefined)
    return { state: 'Published', ...noted(note, { reason, message: `${message}; ${whyKept}` }) };
  if (pod.marks.publishedSinceMs !== undefined) return { state: 'Cordoned', reason, message };
  return { state: pod.isReady ? 'Gated' : 'Starting', reason, message };
}

/** Who wants it gone and what it waits for is what somebody has to know; why its gate is closed comes after that. */
function noted(note: Reason | undefined, gate: Reason): Reason {
  return note === undefined ? gate : { reason: note.reason, message: `${note.message}. ${gate.message}` };
}

/** Sessions right now; undefined when nobody knows, and then nobody may assume 0. */
export function sessionsOf(pod: PodView): number | undefined {
  return pod.facts?.answered === true ? pod.facts.sessions : undefined;
}

/**
 * Whether a pod may have calls, and is to be kept from eviction: from the moment it is in DNS until it is drained,
 * because a call that has begun is known seconds later.
 */
export function mayHaveCalls(pod: PodView, isPublished: boolean): boolean {
  if (pod.isDead) return false;
  return isPublished || pod.marks.publishedSinceMs !== undefined || (sessionsOf(pod) ?? 0) > 0;
}
