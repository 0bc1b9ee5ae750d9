/** What runs out. */
import type { CallEvent } from '../events.ts';
import { closeSession } from './close.ts';
import { endLease } from './lock.ts';
import { failOffer, followMap } from './serverOffer.ts';
import type { Transaction } from './transaction.ts';

/** A timer of a session fired. */
export function fireTimer(tx: Transaction, event: Extract<CallEvent, { readonly type: 'timerFired' }>): void {
  const { sessionID, timer } = event;
  switch (timer) {
    case 'firstOffer':
      tx.effect({ type: 'error', error: 'signaling' });
      closeSession(tx, sessionID, 'no offer came in time after the join');
      break;
    case 'answer':
      failOffer(tx, sessionID, 'no answer came in time');
      break;
    case 'mediaMap':
      followMap(tx, sessionID);
      break;
    case 'lease':
      endLease(tx, sessionID);
      break;
    case 'iceGrace':
      tx.effect({ type: 'connection', state: 'failed' });
      tx.effect({
        type: 'iceFailure',
        cause: tx.session(sessionID)?.isDataOpen === true ? 'lost' : 'never_connected',
      });
      closeSession(tx, sessionID, 'there is no path to the client (ICE)');
      break;
  }
}
