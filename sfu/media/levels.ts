/** Pure: what the level observer says → levels by track. */
import type { TrackLevels } from './port.ts';

/** One entry of the observer's list. */
export interface Volume {
  readonly producerID: string;
  /** −127 (silence) to 0 (loudest). */
  readonly dBov: number;
}

/** The observer's interval: the shortest that the worker knows. */
export const levelIntervalMs = 250;

/** Packets of 20 ms in an interval. */
const packetsInInterval = Math.round(levelIntervalMs / 20);

/**
 * Groups the entries. Our worker has one for each packet; one without our patch
 * has a single one, the mean of the interval, which then stands for all of them:
 * loudness varies less that way, so speech is noticed later.
 */
export function levelsByTrack(volumes: readonly Volume[]): TrackLevels[] {
  const byTrack = new Map<string, number[]>();
  for (const { producerID, dBov } of volumes) {
    const levels = byTrack.get(producerID);
    if (levels === undefined) byTrack.set(producerID, [-dBov]);
    else levels.push(-dBov);
  }
  const areMeans = byTrack.size === volumes.length;
  return [...byTrack].map(([producerID, levels]) => ({
    producerID,
    levels: areMeans ? Array<number>(packetsInInterval).fill(levels[0] ?? 127) : levels,
  }));
}
