/** PURE: the decision about a TurnServer, but what was not written is as it was. */
import type { TurnServer } from '../../api/turnserver.ts';
import { turnNames } from '../../desired/turn/names.ts';
import type { Reason } from '../../fleet/pod.ts';
import { unwritten } from '../../turn/rotation/unwritten.ts';
import type { Action } from '../action.ts';
import { asWritten, type Outcome } from '../outcome.ts';
import { authActions, contentsOf } from './authSecret.ts';
import type { TurnDecision } from './decide.ts';

/** What was wanted, and what came of it. */
export interface Attempted {
  readonly actions: readonly Action[];
  readonly outcome: Outcome;
}

/** See the file comment. */
export function turnAsWritten(
  server: TurnServer,
  decision: TurnDecision,
  { actions, outcome }: Attempted,
): TurnDecision {
  const { done, refusal = ending } = outcome;
  const written = { ...decision, pods: asWritten(decision.pods, actions, outcome) };
  const { auth, rotation } = decision;
  const isDone = authActions(server, auth, rotation).length === 0 || done.some((one) => isAuth(one, server));
  return isDone ? written : { ...written, rotation: unwritten(contentsOf(auth), refusal) };
}

function isAuth({ object: { kind, metadata } }: Action, server: TurnServer): boolean {
  return kind === 'Secret' && metadata.name === turnNames.authSecret(server);
}

/** Why a step was not even planned. */
const ending: Reason = { reason: 'Deleting', message: 'The TurnServer is being deleted' };
