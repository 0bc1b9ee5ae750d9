/** What leaves for a client: descriptions by either path, frames on the data channel, voice activity. */
import { type DataFrame, sdpFrame } from '../../protocol/dataChannel.ts';
import { type Description, encodeDescription } from '../../protocol/description.ts';
import { type RtcMessage, rtcMessageType } from '../../protocol/messages.ts';
import type { Section } from '../../sdp/section.ts';
import type { SessionDescription } from '../../sdp/write.ts';
import type { OpenTransport, Session, SignalPath } from '../state.ts';
import type { Transaction } from './transaction.ts';

/** A description of ours, ready to be written. */
export function describe(
  session: Session,
  transport: OpenTransport,
  sections: readonly Section[],
): SessionDescription {
  return {
    id: Math.round(session.joinedAtMs),
    version: session.version,
    transport: transport.description,
    addresses: transport.addresses,
    sections,
  };
}

/** Sends an offer or answer to the client. */
export function sendDescription(
  tx: Transaction,
  session: Session,
  { path, description }: { readonly path: SignalPath; readonly description: Description },
): void {
  if (path === 'data') {
    sendFrame(tx, session, sdpFrame(description));
    return;
  }
  const message = rtcMessage(session, rtcMessageType.sdp);
  tx.send(session, { type: 'rtc', message: { ...message, data: encodeDescription(description) } });
}

/** Sends a message on the data channel. */
export function sendFrame(tx: Transaction, session: Session, { ppid, data }: DataFrame): void {
  tx.media({ type: 'sendData', sessionID: session.config.sessionID, ppid, data });
}

/** Tells the plugin that a session began or ceased to speak. */
export function sendVoice(tx: Transaction, session: Session, isOn: boolean): void {
  const type = isOn ? rtcMessageType.voiceOn : rtcMessageType.voiceOff;
  tx.send(session, { type: 'vad', message: rtcMessage(session, type) });
}

function rtcMessage({ config }: Session, type: number): RtcMessage {
  const { groupID, userID, sessionID, callID } = config;
  return { groupID, userID, sessionID, callID, type };
}
