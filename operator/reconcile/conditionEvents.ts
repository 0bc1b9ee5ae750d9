/** (conditions before, after) → what people should hear of that is about the cluster and not about one pod. */
import type { Condition } from '../api/shared.ts';
import type { Reason } from '../fleet/pod.ts';
import type { Transition } from './events.ts';

/** Conditions that tell of trouble themselves; the others follow from pods, whose events say more. */
const told: ReadonlySet<string> = new Set([
  ...['CredentialsSynced', 'CertificateReady', 'APIExposureSafe', 'TurnReady'],
  ...['SecretsSynced', 'ConsumersAdopted', 'PeersSynced', 'VersionSupported', 'RelayPortsClear'],
]);

/** One warning for each condition that became False, or is so for another reason. */
export function conditionEvents(before: readonly Condition[], after: readonly Condition[]): Transition[] {
  return after.flatMap(({ type, status, reason, message }) => {
    if (status !== 'False' || !told.has(type)) return [];
    const last = before.find((condition) => condition.type === type);
    const isSame = last?.status === 'False' && last.reason === reason;
    return isSame ? [] : [{ type: 'Warning' as const, reason, message }];
  });
}

/** A refusal is news until Ready has repeated it. */
export function refusalEvents(before: readonly Condition[], refusal: Reason | undefined): Transition[] {
  if (refusal === undefined) return [];
  const last = before.find(({ type }) => type === 'Ready');
  const isTold = last?.reason === refusal.reason && last.message === refusal.message;
  return isTold ? [] : [{ type: 'Warning', ...refusal }];
}
