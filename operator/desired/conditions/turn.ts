/** Whether clients get the TURN servers that the cluster asks for. */
import type { ConditionInput, Verdict } from './verdict.ts';

/** TurnReady: the TurnServer is there, serves and relays to the cluster. None without `turn.turnServerName`. */
export function turnReady({ turn }: ConditionInput): Verdict[] {
  if (turn === undefined) return [];
  const { isUsable, reason, message } = turn;
  return [{ type: 'TurnReady', status: isUsable ? 'True' : 'False', reason, message }];
}
