/** The webcam: announced by the plugin after its track has been offered (wire spec 3.9). */
import { decodeStreamID } from '../../protocol/streamId.ts';
import { matchTracks } from './identity.ts';
import type { Transaction } from './transaction.ts';

/**
 * A session shows its webcam. When it starts again the stream has another name,
 * while the line goes on as it was; so a name that fits no line is no error. The
 * end of a webcam asks for nothing: the client just stops sending.
 */
export function startVideo(tx: Transaction, sessionID: string, data: Uint8Array): void {
  const streamID = decodeStreamID(data, 'videoStreamID');
  if (!streamID.ok) {
    tx.effect({ type: 'error', error: 'track' });
    tx.log('warn', 'Refused webcam', { sessionID, reason: streamID.reason });
    return;
  }
  tx.update(sessionID, { videoStreamID: streamID.value });
  matchTracks(tx, sessionID);
}
