/** Messages of the data channel (wire spec 4.2). */
import {
  type DataMessage,
  decodeDataMessage,
  openAckFrame,
  pongFrame,
  textPongFrame,
} from '../../protocol/dataChannel.ts';
import type { CallEvent } from '../events.ts';
import type { CallTiming } from '../metrics.ts';
import type { Session } from '../state.ts';
import { closeSession } from './close.ts';
import { receiveDescription } from './description.ts';
import { requestLock, unlock } from './lock.ts';
import { sendFrame } from './signal.ts';
import type { Transaction } from './transaction.ts';

/** A client that sends so many messages that nobody can read is broken or hostile. */
export const badMessageLimit = 100;

const timingOf = {
  lossRate: 'clientLossRate',
  roundTripTime: 'clientRtt',
  jitter: 'clientJitter',
} as const satisfies Record<string, CallTiming>;

/** One message. The first, whatever it is, shows that the channel is open. */
export function receiveData(
  tx: Transaction,
  event: Extract<CallEvent, { readonly type: 'dataReceived' }>,
): void {
  const { sessionID } = event;
  const session = openChannel(tx, sessionID);
  const decoded = decodeDataMessage(event);
  if (decoded.ok) act(tx, session, decoded.value);
  else countBad(tx, session, decoded.reason);
}

function act(tx: Transaction, session: Session, message: DataMessage): void {
  const { sessionID } = session.config;
  switch (message.type) {
    case 'open':
      sendFrame(tx, session, openAckFrame);
      break;
    case 'ping':
      sendFrame(tx, session, pongFrame);
      break;
    case 'textPing':
      sendFrame(tx, session, textPongFrame);
      break;
    case 'sdp':
      receiveDescription(tx, sessionID, { path: 'data', description: message.description });
      break;
    case 'lock':
      requestLock(tx, sessionID);
      break;
    case 'unlock':
      unlock(tx, sessionID);
      break;
    default:
      if (message.type === 'roundTripTime') tx.update(sessionID, { roundTripMs: message.value * 1000 });
      tx.effect({ type: 'timing', timing: timingOf[message.type], value: message.value });
  }
}

function openChannel(tx: Transaction, sessionID: string): Session {
  const session = tx.update(sessionID, {});
  if (session.isDataOpen) return session;
  if (session.answeredAtMs !== null) tx.timing('dcOpenTime', session.answeredAtMs);
  tx.negotiate(sessionID);
  return tx.update(sessionID, { isDataOpen: true });
}

function countBad(tx: Transaction, { config, badMessages }: Session, reason: string): void {
  const { sessionID } = config;
  tx.update(sessionID, { badMessages: badMessages + 1 });
  tx.log('debug', 'Ignored message of data channel', { sessionID, reason });
  if (badMessages + 1 >= badMessageLimit)
    closeSession(tx, sessionID, `${badMessageLimit} unreadable messages, the last: ${reason}`);
}
