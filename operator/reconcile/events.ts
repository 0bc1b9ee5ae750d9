/** (status before, decision) → what people should hear of: one event per change of state, none for staying. */
import type { MemberStatus } from '../api/rtccluster.ts';
import type { FleetDecision } from '../fleet/decide.ts';
import type { Member, MemberState } from '../fleet/members.ts';
import type { Reason } from '../fleet/pod.ts';
import type { Action } from './action.ts';

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
    ...actions.flatMap(podEvent),
    ...decision.members.flatMap((member) => {
      const last = before.find(({ name }) => name === member.pod.name);
      return isNews(member, last) ? [memberEvent(member)] : [];
    }),
  ];
}

/** States that are news; on the way up only the last one is. A published pod that stays published is none. */
const told: Partial<Record<MemberState, Transition['type']>> = {
  Published: 'Normal',
  Draining: 'Normal',
  Pending: 'Warning',
  Failed: 'Warning',
  Cordoned: 'Warning',
};

/** What Pending says until the scheduler has looked. */
const scheduling = 'Scheduling';

function isNews({ state, reason }: Member, last: MemberStatus | undefined): boolean {
  if (told[state] === undefined || reason === scheduling) return false;
  return last?.state !== state || (last.reason !== reason && state !== 'Published');
}

function memberEvent({
  pod,
  state,
  reason = state,
  message = 'is in DNS and takes calls',
}: Member): Transition {
  return { type: told[state] ?? 'Normal', reason, message: `${pod.name}: ${message}` };
}

function podEvent({ type, object, message }: Action): Transition[] {
  if (object.kind !== 'Pod' || (type !== 'create' && type !== 'delete')) return [];
  const reason = type === 'create' ? 'CreatedPod' : 'DeletedPod';
  return [{ type: 'Normal', reason, message: `${object.metadata.name}: ${message}` }];
}
