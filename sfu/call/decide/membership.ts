/** Who is in the call, and which plugin connection speaks for them (wire spec 2.4–2.6). */
import type { CallEvent } from '../events.ts';
import type { Session } from '../state.ts';
import { closeSession } from './close.ts';
import type { Transaction } from './transaction.ts';
import { silentVad } from './vad.ts';

/** rtcd's own limit; clients give up after 5 s (mobile) or 15 s (web). */
export const firstOfferTimeoutMs = 10_000;

/** A user comes in. A second join of the same session only says who speaks for it now. */
export function join(tx: Transaction, event: Extract<CallEvent, { readonly type: 'join' }>): void {
  const { config, connID } = event;
  const { sessionID } = config;
  if (tx.session(sessionID) !== undefined) {
    tx.update(sessionID, { connID });
    tx.log('info', 'Joined again', { sessionID, connID, reason: 'session is already in the call' });
    return;
  }
  tx.put(newSession(event, tx.context.nowMs));
  tx.media({ type: 'openTransport', sessionID });
  tx.startTimer(sessionID, 'firstOffer', firstOfferTimeoutMs);
  tx.log('info', 'Joined', { sessionID, userID: config.userID, connID });
}

/** Another plugin connection speaks for a session from now on. */
export function reconnect(tx: Transaction, event: Extract<CallEvent, { readonly type: 'reconnect' }>): void {
  tx.update(event.sessionID, { connID: event.connID });
  tx.log('info', 'Reconnected', { sessionID: event.sessionID, connID: event.connID });
}

/** The plugin takes a user out. */
export function leave(tx: Transaction, { sessionID }: Extract<CallEvent, { readonly type: 'leave' }>): void {
  closeSession(tx, sessionID, 'left');
}

function newSession(
  { config, connID }: Extract<CallEvent, { readonly type: 'join' }>,
  nowMs: number,
): Session {
  return {
    config,
    joinConnID: connID,
    connID,
    joinedAtMs: nowMs,
    transport: null,
    lines: [],
    nextMid: 0,
    version: 0,
    negotiation: { phase: 'idle' },
    queuedOffers: [],
    // Ours until the client is seeded: a client that locks cannot offer media with other extension ids first.
    lock: { owner: 'server', sinceMs: nowMs },
    lockWantedAtMs: null,
    isSeeded: false,
    hasForeignIDs: false,
    unansweredOffers: 0,
    answeredAtMs: null,
    isDataOpen: false,
    badMessages: 0,
    unsendable: new Set(),
    videoStreamID: null,
    roundTripMs: 0,
    vad: silentVad,
  };
}
