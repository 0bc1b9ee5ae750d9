/** What media could not do. */
import type { CallEvent } from '../events.ts';
import { closeSession } from './close.ts';
import { refuseTrack } from './clientOffer.ts';
import { skipTrack } from './serverOffer.ts';
import type { Transaction } from './transaction.ts';

/** A command failed: without a transport the session ends, without a track it goes on. */
export function failMedia(tx: Transaction, event: Extract<CallEvent, { readonly type: 'failed' }>): void {
  const { sessionID, command, mid, reason } = event;
  switch (command) {
    case 'openTransport':
    case 'connectTransport':
    case 'restartIce':
      tx.effect({ type: 'error', error: 'ice' });
      tx.effect({ type: 'iceFailure', cause: 'server' });
      closeSession(tx, sessionID, reason);
      break;
    case 'produce':
      tx.effect({ type: 'error', error: 'track' });
      tx.log('warn', 'Refused track of client', { sessionID, mid, reason });
      refuseTrack(tx, sessionID, mid);
      break;
    case 'consume':
      tx.effect({ type: 'error', error: 'track' });
      tx.log('warn', 'Skipped track for client', { sessionID, mid, reason });
      skipTrack(tx, sessionID, mid);
      break;
  }
}
