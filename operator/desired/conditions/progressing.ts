/** What is under way. */
import type { Member, MemberState } from '../../fleet/members.ts';
import { sentences, type ConditionInput, type Verdict } from './verdict.ts';

/** Progressing: something is under way, or is left to do. A rollout has the first word; `windowProblems` are told while all else is well. */
export function progressing(
  { decision }: Pick<ConditionInput, 'decision'>,
  windowProblems: readonly string[] = [],
): Verdict<'Progressing'> {
  const type = 'Progressing';
  const { progress, target } = decision.rollout;
  if (progress !== undefined) {
    const { reason, message, isMoving } = progress;
    return { type, status: isMoving ? 'True' : 'False', reason, message };
  }
  const inState = (...states: readonly MemberState[]): readonly Member[] =>
    decision.members.filter(({ state }) => states.includes(state));
  const draining = inState('Draining');
  if (draining.length > 0)
    return { type, status: 'True', reason: draining[0]?.reason ?? 'Draining', message: sentences(draining) };
  const starting = inState('Pending', 'Starting', 'Gated');
  if (decision.create > 0 || starting.length > 0)
    return { type, status: 'True', reason: 'Starting', message: 'New pods are on their way' };
  const outdated = decision.members.filter(({ pod }) => pod.revision !== target);
  if (outdated.length > 0)
    return {
      type,
      status: 'False',
      reason: 'Outdated',
      message: `Not of revision ${target}: ${sentences(outdated)}`,
    };
  return { type, status: 'False', ...atRest(windowProblems) };
}

/** An update that comes later would wait for ever. */
function atRest(windowProblems: readonly string[]): Pick<Verdict, 'reason' | 'message'> {
  return windowProblems.length > 0
    ? { reason: 'WindowUnreadable', message: windowProblems.join('. ') }
    : { reason: 'Settled', message: 'Nothing is left to do' };
}
