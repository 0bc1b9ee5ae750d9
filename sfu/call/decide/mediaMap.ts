/**
 * The media map (wire spec 4.4): always on the data channel, before each offer,
 * for clients look a track up in it when they apply the offer.
 */
import type { MediaMapEntry } from '../../protocol/dataChannel.ts';
import type { Addition, Line, Session } from '../state.ts';

/** How long the map gets to arrive before an offer that travels another way, beside one round trip. */
export const mapLeadBaseMs = 100;

/** A client that reports a longer round trip is not waited for. */
export const mapLeadLimitMs = 1_000;

/** Everything that is sent to a receiver, by mid. */
export function mediaMap(lines: readonly Line[]): Map<string, MediaMapEntry> {
  const entries = lines.flatMap(({ mid, outgoing }) =>
    outgoing === null ? [] : [[mid, { type: outgoing.type, senderID: outgoing.senderID }] as const],
  );
  return new Map(entries);
}

/**
 * By how much the map goes ahead of the offer. Not at all on the data channel,
 * which keeps order, nor with voices alone: unlisted audio is voice to every
 * client, or waits for the map. But a client of plugin 1.12 that learns of a
 * picture before the map never shows it.
 */
export function mapLeadMs({ config, roundTripMs }: Session, additions: readonly Addition[]): number {
  const isOrdered = config.props.dcSignaling === true;
  if (isOrdered || additions.every(({ track }) => track.type === 'voice')) return 0;
  return Math.min(mapLeadBaseMs + roundTripMs, mapLeadLimitMs);
}
