/** The webcam: announced by the plugin after its track has been offered (wire spec 3.9); and the layers of pictures. */
import { decodeStreamID } from '../../protocol/streamId.ts';
import type { CallEvent } from '../events.ts';
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

/** Media gives a receiver another layer: nothing to do, but an answer to "why is the picture poor?". */
export function noteLayer(
  tx: Transaction,
  { sessionID, mid, layer }: Extract<CallEvent, { readonly type: 'layerChanged' }>,
): void {
  tx.log('debug', 'Changed layer', { sessionID, mid, layer, reason: 'bandwidth towards the client' });
}
