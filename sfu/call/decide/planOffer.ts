/** What a session should be offered: the difference between the tracks of the call and what it has. */
import type { Call, Line, Session, Track } from '../state.ts';
import { suits } from './suits.ts';

/**
 * Most m-lines that a client which answers through the plugin may have: its
 * answer grows by some 745 bytes for each, and the plugin takes 64 KiB (wire spec 3.2).
 */
export const liveLinesLimit = 80;

/** The contents of our next offer. */
export interface OfferDifference {
  /** The client does not know our extension ids yet. */
  readonly seeds: boolean;
  readonly add: readonly Track[];
  /** Mids whose track is gone. */
  readonly remove: readonly string[];
  /** Tracks that do not fit any more. */
  readonly leftOut: number;
}

/** What to offer now; undefined when the session has what it should have. */
export function planOffer(call: Call, session: Session): OfferDifference | undefined {
  const seeds = !session.isSeeded && !session.lines.some((line) => isOwnMid(line.mid));
  const remove = session.lines.filter((line) => isOrphan(call, line)).map((line) => line.mid);
  const wanted = missingTracks(call, session);
  const room = roomFor(session) + remove.length;
  const add = wanted.slice(0, Math.max(0, room));
  const isUnconfirmed = session.lines.some((line) => !line.isConfirmed);
  const isDifferent = seeds || isUnconfirmed || add.length > 0 || remove.length > 0;
  return isDifferent ? { seeds, add, remove, leftOut: wanted.length - add.length } : undefined;
}

/** Our mids are `s` and a number, which no client makes up by itself. */
function isOwnMid(mid: string): boolean {
  return /^s\d+$/.test(mid);
}

/** Its track is gone, or has turned out to be something else. */
function isOrphan(call: Call, { outgoing }: Line): boolean {
  return outgoing !== null && call.tracks.get(outgoing.producerID)?.type !== outgoing.type;
}

function missingTracks(call: Call, session: Session): Track[] {
  const has = new Set(session.lines.flatMap((line) => line.outgoing?.producerID ?? []));
  return [...call.tracks.values()].filter(
    (track) =>
      track.sessionID !== session.config.sessionID &&
      !has.has(track.producerID) &&
      !session.unsendable.has(track.producerID) &&
      suits(call, session, track),
  );
}

function roomFor({ config, lines }: Session): number {
  if (config.props.dcSignaling === true) return Infinity;
  return liveLinesLimit - lines.filter((line) => !line.isRejected).length;
}
