/** The summary that tools wait for. */
import type { Member } from '../../fleet/members.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

/** Ready: nothing that is needed is wrong; else what is, in its own words. */
export function ready({ cluster, decision, refusal }: ConditionInput, parts: readonly Verdict[]): Verdict {
  const type = 'Ready';
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  if (cluster.metadata.deletionTimestamp !== undefined)
    return { type, status: 'False', ...whatItWaitsFor(decision.members, parts) };
  const wrong = parts.find(({ status }) => status === 'False');
  if (wrong !== undefined) return { ...wrong, type };
  return (
    replacingIn(parts, type) ?? {
      type,
      status: 'True',
      reason: 'AllPublished',
      message: 'Every pod takes calls',
    }
  );
}

/** Well, and yet not every pod takes calls. */
export function replacingIn<Type extends string>(
  parts: readonly Verdict<string>[],
  type: Type,
): Verdict<Type> | undefined {
  const found = parts.find(({ reason }) => reason === 'RolloutReplaces');
  return found && { ...found, type };
}

/** Its pods first, and then what else of it is left. */
function whatItWaitsFor(members: readonly Member[], parts: readonly Verdict[]): Reason {
  const left = parts.find(({ reason }) => reason === 'BindingLeft');
  if (members.length === 0 && left !== undefined) return { reason: left.reason, message: left.message };
  return { reason: 'Deleting', message: whenItGoes(members) };
}

/** The latest deadline of its pods; a pod without one is waited for. */
function whenItGoes(members: readonly Member[]): string {
  const deadlines = members.flatMap(({ deadlineMs }) => deadlineMs ?? []);
  const isBounded = members.length > 0 && deadlines.length === members.length;
  const latest = isBounded ? `, at ${new Date(Math.max(...deadlines)).toISOString()} at the latest` : '';
  return `Goes when its last call has ended${latest}`;
}
