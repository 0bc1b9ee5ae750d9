/** Pure: what tracks say of their packets, from time to time and one by one → how many there were. */
import type { PacketCounts } from './port.ts';

/** A track between a client and us, as far as it is counted. */
export interface CountedTrack {
  readonly id: string;
  /** `in` comes from a client, `out` goes to one. */
  readonly direction: keyof PacketCounts;
}

/** What a track said: packets since it opened. */
export interface Answer extends CountedTrack {
  readonly packets: number;
}

/** What each open track said last, by its ID; the one that was asked longest ago comes first. */
export type Said = ReadonlyMap<string, number>;

/** Whose turn it is: who was never asked, then who was asked longest ago. */
export function inTurn<T extends CountedTrack>(open: readonly T[], said: Said): T[] {
  const byID = new Map(open.map((track) => [track.id, track]));
  return [...open.filter(({ id }) => !said.has(id)), ...[...said.keys()].flatMap((id) => byID.get(id) ?? [])];
}

/** Notes the answers of a round. Tracks that are not open any more are forgotten. */
export function noted(said: Said, answers: readonly Answer[], open: readonly CountedTrack[]): Said {
  const openIDs = new Set(open.map(({ id }) => id));
  const answered = new Map(answers.map(({ id, packets }) => [id, packets]));
  const waiting = [...said].filter(([id]) => openIDs.has(id) && !answered.has(id));
  return new Map([...waiting, ...answered]);
}

/** Packets that the answers of a round tell of for the first time. */
export function grown(said: Said, answers: readonly Answer[]): PacketCounts {
  const sum = { in: 0, out: 0 };
  for (const { id, direction, packets } of answers) sum[direction] += growth(said.get(id) ?? 0, packets);
  return sum;
}

/** A count that fell has started anew. */
function growth(before: number, now: number): number {
  return now < before ? now : now - before;
}
