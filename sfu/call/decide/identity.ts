/**
 * What a client shows on each of its lines (wire spec 3.6): the streams of screen
 * and webcam are announced by the plugin, before, after or beside the offer that
 * carries them. A track that is not yet known for what it is waits, unserved.
 */
import type { TrackType } from '../../protocol/trackId.ts';
import { kindOf } from '../../sdp/codecs.ts';
import type { Call, Incoming, Line, Session, Track } from '../state.ts';
import type { Transaction } from './transaction.ts';
import { endVoice, listenAnew } from './voice.ts';

/** Serves what has become known of a session's tracks, and withdraws what is announced no more. */
export function matchTracks(tx: Transaction, sessionID: string): void {
  const session = tx.session(sessionID);
  if (session === undefined) return;
  const lines = session.lines.map((line) => identified(tx.call, session, line));
  for (const line of lines) serve(tx, tx.update(sessionID, { lines }), line);
}

function identified(call: Call, session: Session, line: Line): Line {
  const { incoming } = line;
  if (incoming === null) return line;
  const type =
    line.kind === 'audio' ? audioType(call, session, incoming) : videoType(call, session, incoming);
  return type === incoming.type ? line : { ...line, incoming: { ...incoming, type } };
}

/**
 * Sound of the stream of a screen is that screen's, also before and after the
 * screen is announced; any other is a voice.
 */
function audioType(call: Call, session: Session, { streamID, type }: Incoming): TrackType {
  const isScreen =
    type === 'screen-audio' || isShared(call, session, streamID) || isBesidePicture(session, streamID);
  return isScreen ? 'screen-audio' : 'voice';
}

function isBesidePicture({ lines }: Session, streamID: string): boolean {
  return lines.some(
    ({ kind, incoming }) => kind === 'video' && incoming?.streamID === streamID && incoming.type !== 'video',
  );
}

/** A webcam stays one: when it starts again, the stream that is announced never appears in a description. */
function videoType(call: Call, session: Session, { streamID, type }: Incoming): TrackType | null {
  if (type === 'video') return 'video';
  if (isShared(call, session, streamID)) return 'screen';
  return streamID === session.videoStreamID ? 'video' : null;
}

function isShared({ screen }: Call, { config }: Session, streamID: string): boolean {
  return screen !== null && screen.sessionID === config.sessionID && screen.streamID === streamID;
}

function isServed(call: Call, session: Session, { type, streamID }: Incoming): boolean {
  return type === 'voice' || type === 'video' || isShared(call, session, streamID);
}

function serve(tx: Transaction, session: Session, { mid, incoming }: Line): void {
  if (incoming === null || incoming.producerID === null) return;
  const { producerID, type } = incoming;
  const before = tx.call.tracks.get(producerID);
  const after = type !== null && isServed(tx.call, session, incoming) ? type : undefined;
  if (before?.type === after) return;
  if (after === undefined) {
    tx.removeTrack(producerID);
    endVoice(tx, session.config.sessionID);
  } else show(tx, session, { mid, incoming: { ...incoming, type: after, producerID } });
  tx.negotiateAll();
}

function show(
  tx: Transaction,
  { config: { sessionID } }: Session,
  {
    mid,
    incoming,
  }: { readonly mid: string; readonly incoming: Incoming & Pick<Track, 'producerID' | 'type'> },
): void {
  const { producerID, type, codec } = incoming;
  const before = tx.call.tracks.get(producerID);
  tx.addTrack({ producerID, sessionID, mid, type, codec, mutedSinceMs: before?.mutedSinceMs ?? null });
  if (before === undefined && kindOf(codec) === 'audio') listenAnew(tx, sessionID);
}
