/** The life of a session's transport, as media tells it. */
import { advertise } from '../../sdp/candidates.ts';
import type { CallEvent } from '../events.ts';
import { closeSession } from './close.ts';
import { takeQueuedOffer } from './clientOffer.ts';
import type { Transaction } from './transaction.ts';

type Of<T extends CallEvent['type']> = Extract<CallEvent, { readonly type: T }>;

/** How long a lost path may take to come back; with media's 25 s these are the 30 s after which rtcd gives up. */
export const iceGraceMs = 5_000;

/** Media is ready for the client: an offer that came early can be answered now. */
export function openedTransport(tx: Transaction, event: Of<'transportOpened'>): void {
  const { sessionID, transport, profile } = event;
  const addresses = advertise(transport.bound, tx.context.addresses);
  tx.update(sessionID, {
    transport: {
      description: transport,
      profile,
      addresses,
      isConnecting: false,
      clientIce: null,
      isPathLost: false,
    },
  });
  takeQueuedOffer(tx, sessionID);
}

/** ICE: a path that is lost may come back (a TCP connection that is made anew), so it gets a little time. */
export function changeIce(tx: Transaction, { sessionID, state }: Of<'iceState'>): void {
  const { transport } = tx.update(sessionID, {});
  if (transport !== null)
    tx.update(sessionID, { transport: { ...transport, isPathLost: state !== 'connected' } });
  switch (state) {
    case 'connected':
      tx.cancelTimer(sessionID, 'iceGrace');
      break;
    case 'disconnected':
      tx.effect({ type: 'connection', state: 'disconnected' });
      tx.startTimer(sessionID, 'iceGrace', iceGraceMs);
      break;
    case 'closed':
      closeSession(tx, sessionID, 'ICE was closed');
  }
}

/** DTLS: the client is connected, or has gone. */
export function changeDtls(tx: Transaction, { sessionID, state }: Of<'dtlsState'>): void {
  switch (state) {
    case 'connected': {
      const session = tx.session(sessionID);
      if (session !== undefined) tx.timing('connectionTime', session.joinedAtMs);
      tx.effect({ type: 'connection', state: 'connected' });
      break;
    }
    case 'failed':
      tx.effect({ type: 'connection', state: 'failed' });
      tx.effect({ type: 'iceFailure', cause: 'dtls' });
      closeSession(tx, sessionID, 'DTLS failed');
      break;
    case 'closed':
      closeSession(tx, sessionID, 'the client closed its connection (DTLS)');
  }
}

/** Not every client says good-bye in DTLS, and none goes on without its data channel. */
export function closedSctp(tx: Transaction, { sessionID }: Of<'sctpClosed'>): void {
  closeSession(tx, sessionID, 'the client closed its connection (SCTP)');
}

/** A worker died, and these sessions with it; the others lose only their tracks. */
export function loseMedia(tx: Transaction, { sessionIDs, reason }: Of<'lost'>): void {
  for (const sessionID of sessionIDs) closeSession(tx, sessionID, reason);
}
