/** A client's offer: read, carried out by media, then answered (wire spec 3.13). */
import type { CallEvent } from '../events.ts';
import type { RemoteDescription, RemoteSection } from '../../sdp/parse.ts';
import { parseSdp } from '../../sdp/parse.ts';
import { commonMedia } from '../../sdp/answer.ts';
import type { ClientOffer, Negotiation, OpenTransport, Session } from '../state.ts';
import { sendAnswer } from './answer.ts';
import { followPath, pathTokens, withCredentials } from './clientPath.ts';
import { closeSession } from './close.ts';
import { matchTracks } from './identity.ts';
import { changeLine } from './lines.ts';
import { type OfferGround, type OfferPlan, readOffer, tooManyTracks } from './readOffer.ts';
import { abandonOffer } from './serverOffer.ts';
import type { Transaction } from './transaction.ts';
import { endVoice } from './voice.ts';

/** As many as rtcd keeps. */
export const queuedOffersLimit = 20;

/**
 * Takes an offer. While ours is out it is ignored: the client is the polite
 * side and offers again. A client that holds the lock never gets there, since
 * we offer only under the lock.
 */
export function receiveOffer(tx: Transaction, sessionID: string, offer: ClientOffer): void {
  const session = tx.update(sessionID, {});
  if (session.negotiation.phase === 'offered') {
    tx.log('info', 'Ignored offer', { sessionID, reason: 'ours is not answered yet' });
  } else if (session.transport !== null && session.negotiation.phase !== 'answering') {
    carryOut(tx, session, offer);
  } else if (session.queuedOffers.length < queuedOffersLimit) {
    tx.update(sessionID, { queuedOffers: [...session.queuedOffers, offer] });
  } else {
    tx.log('warn', 'Ignored offer', { sessionID, reason: `${queuedOffersLimit} offers are waiting` });
  }
}

/** The next offer that had to wait, if nothing else is under way. */
export function takeQueuedOffer(tx: Transaction, sessionID: string): void {
  const session = tx.session(sessionID);
  const [offer, ...queuedOffers] = session?.queuedOffers ?? [];
  if (session === undefined || offer === undefined || session.negotiation.phase === 'answering') return;
  carryOut(tx, tx.update(sessionID, { queuedOffers }), offer);
}

/** DTLS is set up: the answer may leave, if nothing else is awaited. */
export function connectedTransport(
  tx: Transaction,
  { sessionID }: Extract<CallEvent, { readonly type: 'transportConnected' }>,
): void {
  arrived(tx, sessionID, pathTokens.connect);
}

/** ICE has new credentials on our side: the answer tells them. */
export function restartedIce(
  tx: Transaction,
  event: Extract<CallEvent, { readonly type: 'iceRestarted' }>,
): void {
  tx.put(withCredentials(tx.update(event.sessionID, {}), event));
  arrived(tx, event.sessionID, pathTokens.restart);
}

/** Media has taken a track in: everyone else will hear it. */
export function producedTrack(
  tx: Transaction,
  event: Extract<CallEvent, { readonly type: 'produced' }>,
): void {
  const { sessionID, mid, producerID } = event;
  const { lines, negotiation } = tx.update(sessionID, {});
  const incoming = lines.find((line) => line.mid === mid)?.incoming;
  if (incoming?.producerID !== null || negotiation.phase !== 'answering') {
    tx.media({ type: 'closeProducer', sessionID, producerID }); // The line has changed meanwhile.
    return;
  }
  tx.update(sessionID, { lines: changeLine(lines, mid, { incoming: { ...incoming, producerID } }) });
  matchTracks(tx, sessionID);
  if (!tx.call.tracks.has(producerID))
    tx.log('info', 'Track waits', {
      sessionID,
      mid,
      reason: 'its stream is not announced as screen or webcam',
    });
  arrived(tx, sessionID, mid);
}

/** Media could not take a track in: the line is answered as idle. */
export function refuseTrack(tx: Transaction, sessionID: string, mid: string): void {
  const { lines } = tx.update(sessionID, {});
  tx.update(sessionID, { lines: changeLine(lines, mid, { incoming: null }) });
  arrived(tx, sessionID, mid);
}

function carryOut(tx: Transaction, session: Session, offer: ClientOffer): void {
  const { sessionID } = session.config;
  const transport = session.transport;
  if (transport === null) return;
  const understood = understand(groundOf(tx, session, transport), offer.sdp);
  if (!understood.ok) {
    refuseOffer(tx, session, understood.reason);
    return;
  }
  const { description, plan } = understood;
  const path = followPath(tx, sessionID, { transport, description });
  abandonOffer(tx, session);
  follow(tx, session, plan);
  const awaited = new Set([...path, ...plan.produce.map((section) => section.mid)]);
  const negotiation: Negotiation = {
    phase: 'answering',
    path: offer.path,
    offeredAtMs: offer.atMs,
    sections: description.sections,
    awaited,
  };
  tx.update(sessionID, { negotiation, lines: plan.lines });
  matchTracks(tx, sessionID);
  for (const section of plan.produce) produce(tx, transport, { sessionID, section });
  tx.cancelTimer(sessionID, 'lease');
  answerWhenReady(tx, sessionID);
}

type Understood =
  | { readonly ok: true; readonly description: RemoteDescription; readonly plan: OfferPlan }
  | { readonly ok: false; readonly reason: string };

function groundOf(tx: Transaction, session: Session, transport: OpenTransport): OfferGround {
  const { tracksPerSession } = tx.context;
  return {
    lines: session.lines,
    profile: transport.profile,
    transport: transport.description,
    ...(tracksPerSession === undefined ? {} : { tracksLimit: tracksPerSession }),
  };
}

function understand(ground: OfferGround, sdp: string): Understood {
  const parsed = parseSdp(sdp);
  if (!parsed.ok) return parsed;
  const { description } = parsed;
  if (description.fingerprints.length === 0) return { ok: false, reason: 'offer has no DTLS fingerprint' };
  if (description.setup === 'passive') return { ok: false, reason: 'client wants to be DTLS server' };
  const read = readOffer(ground, description.sections);
  return read.ok ? { ok: true, description, plan: read.plan } : read;
}

/** Without a first answer there is no call; a later offer that makes no sense leaves everything as it was. */
function refuseOffer(tx: Transaction, session: Session, reason: string): void {
  const { sessionID } = session.config;
  tx.effect({ type: 'error', error: 'signaling' });
  if (session.answeredAtMs === null) closeSession(tx, sessionID, reason);
  else tx.log('warn', 'Ignored offer', { sessionID, reason });
}

/** Ends what the offer ends. */
function follow(tx: Transaction, session: Session, plan: OfferPlan): void {
  const { sessionID } = session.config;
  for (const producerID of plan.endedProducers) {
    tx.removeTrack(producerID);
    tx.media({ type: 'closeProducer', sessionID, producerID });
  }
  endVoice(tx, sessionID);
  if (plan.endedProducers.length > 0) tx.negotiateAll();
  for (const { consumerID } of plan.ended) tx.media({ type: 'closeConsumer', sessionID, consumerID });
  // What flowed was stopped by the client; what did not had only not been offered yet.
  const stopped = plan.ended.filter((outgoing) => outgoing.isFlowing).map((outgoing) => outgoing.producerID);
  tx.update(sessionID, { unsendable: new Set([...session.unsendable, ...stopped]) });
  for (const refused of plan.refused) {
    tx.log('info', 'Did not take track of client', { sessionID, ...refused });
    if (refused.reason === tooManyTracks) tx.effect({ type: 'limited', limit: 'tracks' });
  }
  if (plan.hasForeignIDs && !session.hasForeignIDs) {
    tx.log('info', 'Offers without header extensions', {
      sessionID,
      reason: 'the client offered media with extension ids of its own before it was seeded',
    });
    tx.update(sessionID, { hasForeignIDs: true });
  }
}

function produce(
  tx: Transaction,
  transport: OpenTransport,
  { sessionID, section }: { readonly sessionID: string; readonly section: RemoteSection },
): void {
  const media = commonMedia(section, transport.profile);
  const kind = section.kind === 'video' ? 'video' : 'audio';
  const line = tx.update(sessionID, {}).lines.find(({ mid }) => mid === section.mid);
  tx.media({
    type: 'produce',
    sessionID,
    mid: section.mid,
    kind,
    rtp: {
      codecs: media.codecs,
      extensions: media.extensions,
      encodings: line?.incoming?.encodings ?? [],
      cname: sessionID,
    },
  });
}

function arrived(tx: Transaction, sessionID: string, what: string): void {
  const { negotiation } = tx.update(sessionID, {});
  if (negotiation.phase !== 'answering') return;
  const awaited = new Set(negotiation.awaited);
  awaited.delete(what);
  tx.update(sessionID, { negotiation: { ...negotiation, awaited } });
  answerWhenReady(tx, sessionID);
}

function answerWhenReady(tx: Transaction, sessionID: string): void {
  const { negotiation } = tx.update(sessionID, {});
  if (negotiation.phase !== 'answering' || negotiation.awaited.size > 0) return;
  sendAnswer(tx, sessionID, negotiation);
  takeQueuedOffer(tx, sessionID);
  tx.negotiate(sessionID);
}
