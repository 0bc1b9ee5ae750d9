/** PURE: what we have done to pods for or against their calls, as events for people and as lines of the audit. */
import type { FleetDecision } from '../fleet/decide.ts';
import { sessionsOf, type Member } from '../fleet/members.ts';
import type { DrainMark, PodView, Reason } from '../fleet/pod.ts';
import { wordsOf } from '../fleet/words.ts';
import type { Action } from './action.ts';

/** One turn for one pod. `reason` is why, in the words of the decision. */
export interface Turn extends Reason {
  readonly kind:
    'DrainStarted' | 'DrainReasonChanged' | 'DrainUndone' | 'Cordoned' | 'DeletedPod' | 'DrainForced';
  readonly pod: PodView;
  /** Who asked for it, as far as the cluster knows. */
  readonly by: string;
  /** RFC 3339; absent where its calls may take as long as they like. */
  readonly deadline?: string;
}

/** By what is on the pods and what was to be; `decision` is as it was written, `done` what was run. */
export function turnsOf({ members, deletions }: FleetDecision, done: readonly Action[]): Turn[] {
  const deleted = new Set(
    done.filter(({ type }) => type === 'delete').map(({ object }) => object.metadata.uid),
  );
  return [
    ...members.flatMap((member) => turnOf(member) ?? []),
    ...deletions
      .filter(({ pod }) => deleted.has(pod.uid))
      .map(({ pod, isForced, reason, message }): Turn => {
        const kind = isForced ? 'DrainForced' : 'DeletedPod';
        return { kind, pod, reason, message, by: askedBy(pod, pod.marks.drain?.reason) };
      }),
  ];
}

function turnOf(member: Member): Turn | undefined {
  const { pod, drain } = member;
  const before = pod.marks.drain;
  if (drain !== undefined) return drain.reason === before?.reason ? undefined : started(member, drain);
  if (pod.isTerminating) return undefined;
  if (before !== undefined)
    return { kind: 'DrainUndone', pod, by: us, reason: before.reason, message: 'It serves again' };
  return pod.marks.isPublished && !member.isPublished ? cordoned(member) : undefined;
}

function started({ pod, cause = '', deadlineMs }: Member, { reason }: DrainMark): Turn {
  const kind = pod.marks.drain === undefined ? 'DrainStarted' : 'DrainReasonChanged';
  const deadline = deadlineMs === undefined ? {} : { deadline: new Date(deadlineMs).toISOString() };
  return { kind, pod, reason, message: cause, by: askedBy(pod, reason), ...deadline };
}

function cordoned({ pod, reason = 'Cordoned', message = 'It left DNS' }: Member): Turn {
  return { kind: 'Cordoned', pod, by: askedBy(pod, reason), reason, message };
}

const us = 'rtc-operator';

function askedBy(pod: PodView, reason: string | undefined): string {
  const { marks, nodeName = '' } = pod;
  switch (reason) {
    case 'Requested':
      return marks.requested?.by ?? 'unknown';
    case 'Deletion':
      return `whoever deleted the ${wordsOf(pod).owner}`;
    case 'NodeDrain':
    case 'SpotInterruption':
      return `node ${nodeName}`;
    default:
      return us;
  }
}

/** What people read of it. A cordon is told as the new state of the pod. */
export function turnEvent(turn: Turn): ({ readonly type: 'Normal' | 'Warning' } & Reason) | undefined {
  const { kind, pod, reason, message, deadline } = turn;
  if (kind === 'Cordoned') return undefined;
  const until =
    deadline === undefined ? '' : `; at ${deadline} it goes with the ${wordsOf(pod).calls} that it still has`;
  const why = kind === 'DeletedPod' || kind === 'DrainForced' ? '' : `${reason}: `;
  return {
    type: kind === 'DrainForced' ? 'Warning' : 'Normal',
    reason: kind,
    message: `${pod.name}: ${why}${message}${until}`,
  };
}

/** The fields of its line in the audit. */
export function auditFields(turn: Turn): Readonly<Record<string, unknown>> {
  const { kind, pod, reason, message, by, deadline } = turn;
  return {
    ...{ audit: kind, pod: pod.name, uid: pod.uid, node: pod.nodeName, reason, message, by },
    ...{ deadline, sessions: sessionsOf(pod) },
  };
}
