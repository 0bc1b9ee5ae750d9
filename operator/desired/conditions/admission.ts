/** Whether the namespace lets pods use the network of their node. */
import { admissionReasons } from '../admission.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

/** PodSecurityCompatible: seen from what the API server said to our pods, so that no right on namespaces is needed. */
export function podSecurityCompatible({
  decision,
  refusal,
}: Pick<ConditionInput, 'decision' | 'refusal'>): Verdict<'PodSecurityCompatible'> {
  const type = 'PodSecurityCompatible';
  if (refusal !== undefined && admissionReasons.includes(refusal.reason))
    return { type, status: 'False', ...refusal };
  if (decision.members.length === 0)
    return { type, status: 'Unknown', reason: 'NoPodYet', message: 'No pod was made yet' };
  return {
    type,
    status: 'True',
    reason: 'Admitted',
    message: 'The namespace admits pods on the network of the node',
  };
}
