/** How many TURN servers clients are sent to, and why not more. */
import { mostUrgentFirst, replacing } from '../../conditions/endpoints.ts';
import { sentences } from '../../conditions/verdict.ts';
import type { TurnConditionInput, TurnVerdict } from './input.ts';

/** Available: clients are sent to at least one, or none is wanted. */
export function available({ decision: { members, wanted } }: TurnConditionInput): TurnVerdict {
  const type = 'Available';
  const count = members.filter(({ isPublished }) => isPublished).length;
  const message = `${count} of ${wanted} TURN servers are published`;
  return count > 0 || wanted === 0
    ? { type, status: 'True', reason: 'MinimumPublished', message }
    : { type, status: 'False', reason: 'BelowMinimum', message };
}

/** EndpointsPublished: as many as are wanted, but for those that a rollout replaces. */
export function endpointsPublished({ decision }: TurnConditionInput): TurnVerdict {
  const { members, wanted, create, rollout } = decision;
  const type = 'EndpointsPublished';
  const count = members.filter(({ isPublished }) => isPublished).length;
  const message = `${count} of ${wanted} TURN servers are published`;
  if (count >= wanted) return { type, status: 'True', reason: 'AllPublished', message };
  if (count >= rollout.wanted) return { type, status: 'True', ...replacing(message) };
  const waiting = mostUrgentFirst(members);
  const [first] = waiting;
  if (first === undefined || create > 0) return { type, status: 'False', reason: 'Creating', message };
  return { type, status: 'False', reason: first.reason ?? first.state, message: sentences(waiting) };
}
