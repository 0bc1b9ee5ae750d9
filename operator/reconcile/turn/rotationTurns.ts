/** PURE: the steps of a rotation, as events for people and lines of the audit. No secret is in them, only hashes. */
import type { Rotation } from '../../turn/rotation/state.ts';
import type { Action } from '../action.ts';
import type { Transition } from '../events.ts';
import { turnSecretKeys } from '../../desired/turn/names.ts';

/** One event for each write that changed which secrets there are; notes on the Secret alone are none. */
export function rotationEvents(done: readonly Action[], { reason }: Rotation): Transition[] {
  return done.flatMap((action): Transition[] => {
    if (action.type !== 'patch' || Object.keys(action.data ?? {}).length === 0) return [];
    return [{ type: 'Normal', reason: steps(action.data ?? {}) ?? reason.reason, message: reason.message }];
  });
}

/** What a change of the keys is called. */
function steps(data: Readonly<Record<string, string | null>>): string | undefined {
  if (data[turnSecretKeys.previous] === null) return 'SecretRetired';
  if (data[turnSecretKeys.previous] !== undefined) return 'SecretSwitched';
  return data[turnSecretKeys.next] === undefined ? undefined : 'RotationStarted';
}
