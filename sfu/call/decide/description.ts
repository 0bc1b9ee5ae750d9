/** Descriptions of clients, whichever way they come (wire spec 3.2). */
import type { Description } from '../../protocol/description.ts';
import type { SignalPath } from '../state.ts';
import { receiveAnswer } from './clientAnswer.ts';
import { receiveOffer } from './clientOffer.ts';
import type { Transaction } from './transaction.ts';

/** An offer or answer of the client. */
export function receiveDescription(
  tx: Transaction,
  sessionID: string,
  { path, description }: { readonly path: SignalPath; readonly description: Description },
): void {
  if (description.type === 'offer')
    receiveOffer(tx, sessionID, { path, sdp: description.sdp, atMs: tx.context.nowMs });
  else receiveAnswer(tx, sessionID, description.sdp);
}
