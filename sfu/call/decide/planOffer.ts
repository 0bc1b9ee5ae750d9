/** What a session should be offered: the difference between the tracks that it should have and those that it has. */
import type { Call, Line, Session, Track } from '../state.ts';
import { suits } from './suits.ts';

/**
 * Most m-lines in use for a client that answers through the plugin, which takes
 * 64 KiB (wire spec 3.2): answers grow by up to 600 bytes for each.
 */
export const liveLinesLimit = 80;

/**
 * Up to so many are in use, muted voices keep theirs, so that an unmute needs no
 * offer. Above, those that have been muted longest give theirs up: a client's own
 * offers, which it makes when it unmutes for the first time or shares, list every
 * codec that it knows on every line, 900 bytes for each.
 */
export const mutedLinesLimit = 60;

/** The contents of our next offer. */
export interface OfferDifference {
  /** The client does not know our extension ids yet. */
  readonly seeds: boolean;
  readonly add: readonly Track[];
  /** Mids whose track is gone, or gives its line up. */
  readonly remove: readonly string[];
  /** Tracks that could be heard or seen, but do not fit any more. */
  readonly leftOut: number;
}

/** What to offer now; undefined when the session has what it should have. */
export function planOffer(call: Call, session: Session): OfferDifference | undefined {
  const seeds = !session.isSeeded && !session.lines.some((line) => isOwnMid(line.mid));
  const others = linesWithoutTrack(session) + (seeds ? 2 : 0);
  const has = new Set(session.lines.flatMap((line) => line.outgoing?.producerID ?? []));
  const tracks = tracksFor(call, session);
  const { chosen, leftOut } = isUnlimited(session)
    ? { chosen: tracks, leftOut: 0 }
    : choose(tracks, { has, others });
  const add = chosen.filter(({ producerID }) => !has.has(producerID));
  const kept = new Set(chosen.map(({ producerID }) => producerID));
  const remove = session.lines
    .filter((line) => isOrphan(call, line) || (line.outgoing !== null && !kept.has(line.outgoing.producerID)))
    .map((line) => line.mid);
  const isUnconfirmed = session.lines.some((line) => !line.isConfirmed);
  const isDifferent = seeds || isUnconfirmed || add.length > 0 || remove.length > 0;
  return isDifferent ? { seeds, add, remove, leftOut } : undefined;
}

/** Whether a call has so many tracks that a mute or an unmute can change what others are offered. */
export function isCrowded(call: Call): boolean {
  return call.tracks.size > mutedLinesLimit / 2;
}

/** Our mids are `s` and a number, which no client makes up by itself. */
export function isOwnMid(mid: string): boolean {
  return /^s\d+$/.test(mid);
}

/** Its track is gone, or has turned out to be something else. */
function isOrphan(call: Call, { outgoing }: Line): boolean {
  return outgoing !== null && call.tracks.get(outgoing.producerID)?.type !== outgoing.type;
}

function tracksFor(call: Call, session: Session): Track[] {
  return [...call.tracks.values()].filter(
    (track) =>
      track.sessionID !== session.config.sessionID &&
      !session.unsendable.has(track.producerID) &&
      suits(call, session, track),
  );
}

/** Descriptions that do not go through the plugin may be of any size. */
function isUnlimited({ config }: Session): boolean {
  return config.props.dcSignaling === true;
}

function linesWithoutTrack({ lines }: Session): number {
  return lines.filter((line) => !line.isRejected && line.outgoing === null).length;
}

/** All that fit: first what can be heard or seen, of it first what the session has; then voices, the latest muted first. */
function choose(
  tracks: readonly Track[],
  { has, others }: { readonly has: ReadonlySet<string>; readonly others: number },
): { readonly chosen: readonly Track[]; readonly leftOut: number } {
  const active = tracks.filter((track) => track.mutedSinceMs === null);
  active.sort((a, b) => Number(has.has(b.producerID)) - Number(has.has(a.producerID)));
  const muted = tracks.filter((track) => track.mutedSinceMs !== null);
  muted.sort((a, b) => (b.mutedSinceMs ?? 0) - (a.mutedSinceMs ?? 0));
  const room = Math.max(0, liveLinesLimit - others);
  const roomForMuted = Math.max(0, mutedLinesLimit - others - active.length);
  return {
    chosen: [...active.slice(0, room), ...muted.slice(0, roomForMuted)],
    leftOut: Math.max(0, active.length - room),
  };
}
