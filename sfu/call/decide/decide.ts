/** The heart: (call, event) → (call, effects). One file for each kind of event; to add one, add it here. */
import type { CallEvent, Context } from '../events.ts';
import type { Call } from '../state.ts';
import { closeSession } from './close.ts';
import { receiveData } from './data.ts';
import { join, leave, reconnect } from './membership.ts';
import { receiveRtc } from './rtc.ts';
import { fireTimer } from './timers.ts';
import { type Decision, Transaction } from './transaction.ts';
import { changeDtls, changeIce, closedSctp, loseMedia, openedTransport } from './transport.ts';
import { connectedTransport, producedTrack, restartedIce } from './clientOffer.ts';
import { consumedTrack, negotiate } from './serverOffer.ts';
import { failMedia } from './failures.ts';
import { noteLayer } from './video.ts';
import { hearLevels } from './voice.ts';

/** How each event is decided. */
const deciders: {
  readonly [T in CallEvent['type']]: (
    tx: Transaction,
    event: Extract<CallEvent, { readonly type: T }>,
  ) => void;
} = {
  join,
  reconnect,
  leave,
  rtc: receiveRtc,
  timerFired: fireTimer,
  end: (tx, { sessionID, reason }) => closeSession(tx, sessionID, reason),
  transportOpened: openedTransport,
  transportConnected: connectedTransport,
  iceRestarted: restartedIce,
  produced: producedTrack,
  consumed: consumedTrack,
  failed: failMedia,
  iceState: changeIce,
  dtlsState: changeDtls,
  sctpClosed: closedSctp,
  dataReceived: receiveData,
  levels: hearLevels,
  layerChanged: noteLayer,
  lost: loseMedia,
};

/** What a call becomes by an event, and what is to be done. An event about a session that has ended changes nothing. */
export function decide(call: Call, event: CallEvent, context: Context): Decision {
  const tx = new Transaction(call, context);
  const sessionID = 'sessionID' in event ? event.sessionID : undefined;
  if (sessionID === undefined || tx.session(sessionID) !== undefined) {
    (deciders[event.type] as (tx: Transaction, event: CallEvent) => void)(tx, event);
    for (const changed of tx.toNegotiate()) negotiate(tx, changed);
  }
  return tx.done();
}
