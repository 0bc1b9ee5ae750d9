/** The plugin's `rtc` messages (wire spec 2.3). */
import { decodeDescription } from '../../protocol/description.ts';
import { rtcMessageType } from '../../protocol/messages.ts';
import type { CallEvent } from '../events.ts';
import { receiveDescription } from './description.ts';
import type { Transaction } from './transaction.ts';
import { setMuted } from './voice.ts';

const noBytes = new Uint8Array();

/** One message about a session. It also tells which connection speaks for the session now. */
export function receiveRtc(tx: Transaction, event: Extract<CallEvent, { readonly type: 'rtc' }>): void {
  const { sessionID, type, data } = event.message;
  const session = tx.session(sessionID);
  if (session === undefined) return;
  if (session.connID !== event.connID) tx.update(sessionID, { connID: event.connID });
  switch (type) {
    case rtcMessageType.ice:
      break; // We are ICE-lite: the client's checks tell us its addresses.
    case rtcMessageType.sdp:
      receiveSdp(tx, sessionID, data ?? noBytes);
      break;
    case rtcMessageType.mute:
      setMuted(tx, sessionID, true);
      break;
    case rtcMessageType.unmute:
      setMuted(tx, sessionID, false);
      break;
    default:
      // Screen share belongs in `screen.ts`, the webcam in `video.ts`.
      tx.log('info', 'Ignored message', { sessionID, rtcType: type, reason: 'only voice is served' });
  }
}

function receiveSdp(tx: Transaction, sessionID: string, data: Uint8Array): void {
  const decoded = decodeDescription(data);
  if (decoded.ok) {
    receiveDescription(tx, sessionID, { path: 'plugin', description: decoded.value });
    return;
  }
  tx.effect({ type: 'error', error: 'signaling' });
  tx.log('warn', 'Ignored description', { sessionID, reason: decoded.reason });
}
