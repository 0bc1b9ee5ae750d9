/** (status before, decision) → what people should hear of: one event per change, none for staying. */
import type { MemberStatus } from '../api/rtccluster.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { Member, MemberState } from '../fleet/members.ts';
import type { Reason } from '../fleet/pod.ts';
import { wordsOf } from '../fleet/words.ts';
import type { Action } from './action.ts';
import { turnEvent, turnsOf } from './turns.ts';

/** An event about the RTCCluster. */
export interface Transition extends Reason {
  readonly type: 'Normal' | 'Warning';
}

/** In the order they happened; `before` is `status.members` as it was. */
export function transitions(
  before: readonly MemberStatus[],
  decision: FleetDecision,
  actions: readonly Action[],
): Transition[] {
  return [
    ...actions.flatMap(creation),
    ...turnsOf(decision, actions).flatMap((turn) => turnEvent(turn) ?? []),
    ...decision.members.flatMap((member) => {
      const last = before.find(({ name }) => name === member.pod.name);
      return isNews(member, last) ? [memberEvent(member)] : [];
    }),
  ];
}

/** States that are news; on the way up only the last one is. */
const told: Partial<Record<MemberState, Transition['type']>> = {
  Published: 'Normal',
  Draining: 'Warning',
  Pending: 'Warning',
  Failed: 'Warning',
  Cordoned: 'Warning',
};

/** What Pending says until the scheduler has looked. */
const scheduling = 'Scheduling';
/** Of the steps of a drain only these: that it began, and how it ended, is told as a turn. */
const toldOfDrains = ['Terminating', 'SessionsUnknown'];

function isNews({ state, reason }: Member, last: MemberStatus | undefined): boolean {
  if (told[state] === undefined || reason === scheduling) return false;
  if (state === 'Draining' && !toldOfDrains.includes(reason ?? '')) return false;
  return last?.state !== state || (last.reason !== reason && reason !== undefined);
}

function memberEvent(member: Member): Transition {
  const { pod, state, reason = state } = member;
  const { published, calls } = wordsOf(pod);
  const { message = `is ${published} and takes ${calls}` } = member;
  const isWell = state === 'Published' && (member.reason === undefined || reason.startsWith('Held'));
  return { type: isWell ? 'Normal' : (told[state] ?? 'Normal'), reason, message: `${pod.name}: ${message}` };
}

function creation({ type, object, message }: Action): Transition[] {
  if (object.kind !== 'Pod' || type !== 'create') return [];
  return [{ type: 'Normal', reason: 'CreatedPod', message: `${object.metadata.name}: ${message}` }];
}
