/** The plugin's `rtc` messages (wire spec 2.3). */
import { decodeDescription } from '../../protocol/description.ts';
import { rtcMessageType } from '../../protocol/messages.ts';
import type { CallEvent } from '../events.ts';
import { receiveDescription } from './description.ts';
import { startScreen, stopScreen } from './screen.ts';
import type { Transaction } from './transaction.ts';
import { startVideo } from './video.ts';
import { setMuted } from './voice.ts';

const noBytes = new Uint8Array();

type Receiver = (tx: Transaction, sessionID: string, data: Uint8Array) => void;

const nothing: Receiver = () => undefined;

const receivers: ReadonlyMap<number, Receiver> = new Map<number, Receiver>([
  [rtcMessageType.ice, nothing], // We are ICE-lite: the client's checks tell us its addresses.
  [rtcMessageType.sdp, receiveSdp],
  [rtcMessageType.mute, (tx, sessionID) => setMuted(tx, sessionID, true)],
  [rtcMessageType.unmute, (tx, sessionID) => setMuted(tx, sessionID, false)],
  [rtcMessageType.screenOn, startScreen],
  [rtcMessageType.screenOff, stopScreen],
  [rtcMessageType.videoOn, startVideo],
  [rtcMessageType.videoOff, nothing], // The client just stops sending; its line stays for the next time.
]);

/** One message about a session. It also tells which connection speaks for the session now. */
export function receiveRtc(tx: Transaction, event: Extract<CallEvent, { readonly type: 'rtc' }>): void {
  const { sessionID, type, data } = event.message;
  const session = tx.session(sessionID);
  if (session === undefined) return;
  if (session.connID !== event.connID) tx.update(sessionID, { connID: event.connID });
  const receive = receivers.get(type);
  if (receive === undefined)
    tx.log('info', 'Ignored message', { sessionID, rtcType: type, reason: 'unknown type' });
  else receive(tx, sessionID, data ?? noBytes);
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
