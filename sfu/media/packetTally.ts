/** Pure: what tracks say of their packets, from time to time and one by one → how many there were. */
import type { PacketCounts } from './port.ts';

/** A track between a client and us, as far as it is counted. */
export interface CountedTrack {
  readonly id: string;
  /** `in` comes from a client, `out` goes to one. */
  readonly direction: keyof PacketCounts;
}

/** What a track says of itself. */
export interface Flow {
  /** Since it opened. */
  readonly packets: number;
  /** Over the last seconds, RTP with its headers. */
  readonly bitsPerSecond: number;
}

/** What one track said. */
export interface Answer extends CountedTrack, Flow {}

/** What each open track said last, by its ID; the one that was asked longest ago comes first. */
export type Said = ReadonlyMap<string, Flow>;

/** Whose turn it is: who was never asked, then who was asked longest ago. */
export function inTurn<T extends CountedTrack>(open: readonly T[], said: Said): T[] {
  const byID = new Map(open.map((track) => [track.id, track]));
  return [...open.filter(({ id }) => !said.has(id)), ...[...said.keys()].flatMap((id) => byID.get(id) ?? [])];
}

/** Notes the answers of a round. Tracks that are not open any more are forgotten. */
export function noted(said: Said, answers: readonly Answer[], open: readonly CountedTrack[]): Said {
  const openIDs = new Set(open.map(({ id }) => id));
  const answered = new Map(answers.map(({ id, packets, bitsPerSecond }) => [id, { packets, bitsPerSecond }]));
  const waiting = [...said].filter(([id]) => openIDs.has(id) && !answered.has(id));
  return new Map([...waiting, ...answered]);
}

/** Packets that the answers of a round tell of for the first time. */
export function grown(said: Said, answers: readonly Answer[]): PacketCounts {
  const sum = { in: 0, out: 0 };
  for (const { id, direction, packets } of answers)
    sum[direction] += growth(said.get(id)?.packets ?? 0, packets);
  return sum;
}

/** A count that fell has started anew. */
function growth(before: number, now: number): number {
  return now < before ? now : now - before;
}

/** Bits per second that go to clients, as the tracks that flow said last. */
export function egressBitsPerSecond(flowing: readonly CountedTrack[], said: Said): number {
  const out = flowing.filter(({ direction }) => direction === 'out');
  return Math.round(out.reduce((sum, { id }) => sum + (said.get(id)?.bitsPerSecond ?? 0), 0));
}
