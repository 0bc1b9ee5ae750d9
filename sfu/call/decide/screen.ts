/** Screen share: announced and ended by the plugin, one in a call at a time (wire spec 3.8). */
import { decodeStreamID } from '../../protocol/streamId.ts';
import { matchTracks } from './identity.ts';
import type { Transaction } from './transaction.ts';

/** A session shares its screen, if nobody else does. */
export function startScreen(tx: Transaction, sessionID: string, data: Uint8Array): void {
  const streamID = decodeStreamID(data, 'screenStreamID');
  if (!streamID.ok) {
    refuse(tx, sessionID, streamID.reason);
    return;
  }
  const sharer = tx.call.screen?.sessionID ?? sessionID;
  if (sharer !== sessionID) {
    refuse(tx, sessionID, `session ${sharer} shares its screen already`);
    return;
  }
  tx.setScreen({ sessionID, streamID: streamID.value });
  tx.log('info', 'Screen share began', { sessionID });
  matchTracks(tx, sessionID);
}

/** The screen is shared no more: everyone else loses its pictures and its sound. */
export function stopScreen(tx: Transaction, sessionID: string): void {
  if (tx.call.screen?.sessionID !== sessionID) {
    tx.log('warn', 'Ignored end of screen share', { sessionID, reason: 'session does not share its screen' });
    return;
  }
  tx.setScreen(null);
  tx.log('info', 'Screen share ended', { sessionID });
  matchTracks(tx, sessionID);
}

function refuse(tx: Transaction, sessionID: string, reason: string): void {
  tx.effect({ type: 'error', error: 'track' });
  tx.log('warn', 'Refused screen share', { sessionID, reason });
}
