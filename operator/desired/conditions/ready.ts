/** The summary that tools wait for. */
import type { ConditionInput, Verdict } from './verdict.ts';

/** Ready: nothing that is needed is wrong; else what is, in its own words. */
export function ready({ cluster, refusal }: ConditionInput, parts: readonly Verdict[]): Verdict {
  const type = 'Ready';
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  if (cluster.metadata.deletionTimestamp !== undefined)
    return { type, status: 'False', reason: 'Deleting', message: 'Goes when its last call has ended' };
  const wrong = parts.find(({ status }) => status === 'False');
  if (wrong !== undefined) return { ...wrong, type };
  return { type, status: 'True', reason: 'AllPublished', message: 'Every pod takes calls' };
}
