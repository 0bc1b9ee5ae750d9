/** The end of a session: everyone else loses its tracks, the plugin is told (wire spec 2.6, 3.15). */
import type { Transaction } from './transaction.ts';

/** Ends a session, if it is there, for the reason that the log then gives. */
export function closeSession(tx: Transaction, sessionID: string, reason: string): void {
  const session = tx.session(sessionID);
  if (session === undefined) return;
  tx.remove(sessionID);
  for (const track of tx.call.tracks.values()) {
    if (track.sessionID === sessionID) tx.removeTrack(track.producerID);
  }
  if (tx.call.screen?.sessionID === sessionID) tx.setScreen(null);
  tx.media({ type: 'closeTransport', sessionID });
  // A plugin that reconnected may listen on either; the one that does not know the session ignores it.
  for (const connID of new Set([session.connID, session.joinConnID])) {
    tx.send(session, { type: 'close', sessionID }, connID);
  }
  tx.effect({ type: 'connection', state: 'closed' });
  tx.log('info', 'Closed session', { sessionID, userID: session.config.userID, reason });
  tx.effect({ type: 'forget', sessionID });
  tx.negotiateAll();
}
