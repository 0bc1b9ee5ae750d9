/**
 * Our offers: one at a time for each session, with everything that has changed
 * since the last one, under the session's signaling lock (wire spec 3.13, A).
 */
import { mediaMapFrame } from '../../protocol/dataChannel.ts';
import { directionOf } from '../../sdp/answer.ts';
import { kindOf } from '../../sdp/codecs.ts';
import { offerText } from '../../sdp/write.ts';
import type { Section } from '../../sdp/section.ts';
import type { CallEvent } from '../events.ts';
import type { Addition, Line, OpenTransport, Session } from '../state.ts';
import { release } from './lock.ts';
import { mapLeadMs, mediaMap } from './mediaMap.ts';
import { offeredLines, removeLines, seedLines } from './ownLines.ts';
import { type OfferDifference, planOffer } from './planOffer.ts';
import { describe, sendDescription, sendFrame } from './signal.ts';
import type { Transaction } from './transaction.ts';

/** As long as rtcd waits. */
export const answerTimeoutMs = 10_000;

/** After so many offers without an answer we wait for something new to offer. */
export const unansweredOffersLimit = 3;

/** Begins an offer if there is something to offer and nothing is in the way. */
export function negotiate(tx: Transaction, sessionID: string): void {
  const session = tx.session(sessionID);
  if (session === undefined || !isFreeToOffer(session)) return;
  const difference = planOffer(tx.call, session);
  if (difference === undefined || isHopeless(session, difference)) {
    if (session.lock.owner === 'server') release(tx, sessionID); // What it was taken for has come by a client's offer.
    return;
  }
  if (session.lock.owner === 'client') {
    tx.update(sessionID, { lockWantedAtMs: session.lockWantedAtMs ?? tx.context.nowMs });
    return; // Looked into again when the client gives the lock back, or loses it.
  }
  takeLock(tx, session);
  prepare(tx, session, difference);
}

function isFreeToOffer({ isDataOpen, negotiation, queuedOffers }: Session): boolean {
  return isDataOpen && negotiation.phase === 'idle' && queuedOffers.length === 0;
}

/** Media has made a track ready for our offer. */
export function consumedTrack(
  tx: Transaction,
  event: Extract<CallEvent, { readonly type: 'consumed' }>,
): void {
  const { sessionID, mid, consumerID, ssrc, rtxSsrc } = event;
  const consumer = { consumerID, ssrc, ...(rtxSsrc === undefined ? {} : { rtxSsrc }) };
  if (!prepared(tx, sessionID, { mid, consumer })) tx.media({ type: 'closeConsumer', sessionID, consumerID }); // A client's offer came between.
}

/** Media could not: the offer goes without the track. */
export function skipTrack(tx: Transaction, sessionID: string, mid: string): void {
  prepared(tx, sessionID, { mid, consumer: null });
}

/** A client's offer comes between: what was made ready for ours is made again for the next. */
export function abandonOffer(tx: Transaction, { config, negotiation }: Session): void {
  if (negotiation.phase !== 'preparing') return;
  const { sessionID } = config;
  for (const { consumer } of negotiation.additions)
    if (consumer?.consumerID !== undefined)
      tx.media({ type: 'closeConsumer', sessionID, consumerID: consumer.consumerID });
  if (negotiation.isAnnounced) tx.cancelTimer(sessionID, 'mediaMap');
}

/** Our offer stays without an answer: the lock is freed, and what was offered is offered again with what is new. */
export function failOffer(tx: Transaction, sessionID: string, reason: string): void {
  const session = tx.update(sessionID, {});
  if (session.negotiation.phase !== 'offered') return;
  tx.effect({ type: 'error', error: 'signaling' });
  tx.log('warn', 'Offer failed', { sessionID, reason });
  tx.update(sessionID, { negotiation: { phase: 'idle' }, unansweredOffers: session.unansweredOffers + 1 });
  release(tx, sessionID);
}

/** A client that leaves our offers unanswered gets another one only when there is something new. */
function isHopeless({ unansweredOffers }: Session, { add, remove }: OfferDifference): boolean {
  return unansweredOffers >= unansweredOffersLimit && add.length === 0 && remove.length === 0;
}

function takeLock(tx: Transaction, { config, lock, lockWantedAtMs }: Session): void {
  const { nowMs } = tx.context;
  tx.timing('lockGrabTime', lockWantedAtMs ?? nowMs);
  const sinceMs = lock.owner === 'server' ? lock.sinceMs : nowMs;
  tx.update(config.sessionID, { lock: { owner: 'server', sinceMs }, lockWantedAtMs: null });
}

function prepare(tx: Transaction, session: Session, difference: OfferDifference): void {
  const { sessionID } = session.config;
  const removal = removeLines(session.lines, difference.remove);
  for (const consumerID of removal.consumerIDs) tx.media({ type: 'closeConsumer', sessionID, consumerID });
  const seeded = difference.seeds ? seedLines(session) : [];
  const firstMid = session.nextMid + seeded.length;
  const additions = difference.add.map((track, index): Addition => ({
    mid: `s${firstMid + index}`,
    track,
    consumer: undefined,
  }));
  tx.update(sessionID, {
    lines: [...removal.lines, ...seeded],
    nextMid: firstMid + additions.length,
    negotiation: { phase: 'preparing', additions, isAnnounced: false },
  });
  const withExtensions = !session.hasForeignIDs;
  for (const { mid, track } of additions)
    tx.media({
      ...{ type: 'consume', sessionID, mid, producerID: track.producerID, withExtensions },
      kind: kindOf(track.codec),
    });
  if (difference.leftOut > 0)
    tx.log('warn', 'Left tracks out', { sessionID, tracks: difference.leftOut, reason: 'too many m-lines' });
  offerWhenReady(tx, sessionID);
}

function prepared(
  tx: Transaction,
  sessionID: string,
  { mid, consumer }: Pick<Addition, 'mid' | 'consumer'>,
): boolean {
  const { negotiation, unsendable } = tx.update(sessionID, {});
  if (negotiation.phase !== 'preparing') return false;
  const addition = negotiation.additions.find((one) => one.mid === mid);
  if (addition === undefined) return false;
  const additions = negotiation.additions.map((one) => (one === addition ? { ...one, consumer } : one));
  tx.update(sessionID, {
    negotiation: { ...negotiation, additions },
    unsendable: consumer === null ? new Set([...unsendable, addition.track.producerID]) : unsendable,
  });
  offerWhenReady(tx, sessionID);
  return true;
}

function offerWhenReady(tx: Transaction, sessionID: string): void {
  const session = tx.update(sessionID, {});
  const { negotiation, transport } = session;
  if (negotiation.phase !== 'preparing' || transport === null) return;
  if (negotiation.additions.some((addition) => addition.consumer === undefined)) return;
  const lines = offeredLines(session, transport.profile, negotiation.additions);
  const leadMs = negotiation.isAnnounced ? 0 : mapLeadMs(session, negotiation.additions);
  if (!negotiation.isAnnounced) sendFrame(tx, session, mediaMapFrame(mediaMap(lines)));
  if (leadMs > 0) {
    tx.update(sessionID, { negotiation: { ...negotiation, isAnnounced: true } });
    tx.startTimer(sessionID, 'mediaMap', leadMs);
    return;
  }
  const version = session.version + 1;
  sendOffer(tx, tx.update(sessionID, { lines, version, negotiation: { phase: 'offered' } }), transport);
  tx.startTimer(sessionID, 'answer', answerTimeoutMs);
}

/** The media map that went ahead should have arrived: the offer follows. */
export function followMap(tx: Transaction, sessionID: string): void {
  const { negotiation } = tx.update(sessionID, {});
  if (negotiation.phase === 'preparing' && negotiation.isAnnounced) offerWhenReady(tx, sessionID);
}

function sendOffer(tx: Transaction, session: Session, transport: OpenTransport): void {
  const sdp = offerText(describe(session, transport, session.lines.map(sectionOf)));
  const path = session.config.props.dcSignaling === true ? 'data' : 'plugin';
  sendDescription(tx, session, { path, description: { type: 'offer', sdp } });
}

function sectionOf({ mid, kind, isRejected, incoming, outgoing, body }: Line): Section {
  const direction = kind === 'application' ? 'sendrecv' : directionOf(outgoing !== null, incoming !== null);
  return { mid, kind, isRejected, direction, body };
}
