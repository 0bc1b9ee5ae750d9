/** Which pods are being emptied, and which are to be and cannot yet. */
import type { Member } from '../../fleet/members.ts';
import { sentences, type ConditionInput, type Verdict } from './verdict.ts';

/** Draining: True while a pod is emptied or waits to be; abnormal. A request that nobody understands is named too. */
export function draining({ decision: { members } }: Pick<ConditionInput, 'decision'>): Verdict<'Draining'> {
  const type = 'Draining';
  const leaving = members.filter(({ state }) => state === 'Draining');
  const held = members.filter(({ state, reason }) => state === 'Published' && isHeld(reason));
  const unknown = members.filter(({ reason }) => reason === 'UnknownRequest');
  const named = [...unknown, ...held, ...leaving];
  const [first] = leaving.length > 0 ? leaving : held;
  if (first !== undefined) {
    const reason = first.drain?.reason ?? first.reason ?? type;
    return { type, status: 'True', reason, message: sentences(named) };
  }
  if (unknown.length > 0)
    return { type, status: 'False', reason: 'UnknownRequest', message: sentences(unknown) };
  return { type, status: 'False', reason: 'NothingDrains', message: 'No pod is being emptied' };
}

function isHeld(reason: Member['reason']): boolean {
  return reason?.startsWith('Held') === true;
}
