/** Pure: who heard whom. Speakers are told apart by the tone that was heard, not by what signalling says. */
import type { HeardVoice, Hearing } from './hearing.ts';

/** A tone counts as heard from here on. Speech alone reaches about 13 dB at its luckiest. */
export const heardFromDb = 18;

/** One listener and one speaker. */
export interface Cell {
  readonly listener: string;
  readonly speaker: string;
  readonly packets: number;
  readonly lost: number;
  readonly lossPercent: number;
  readonly toneDb: number;
  /** Median and 95th percentile of the one-way times; null where no stamps came. */
  readonly oneWayMs: { readonly p50: number; readonly p95: number } | null;
  /** Round trip between the SFU and the browser that is an end of this cell. */
  readonly roundTripMs: number | null;
  readonly jitterBufferMs: number | null;
}

/** Every pair, or the reason why it is missing. */
export interface Matrix {
  readonly names: readonly string[];
  readonly cells: readonly Cell[];
  /** `A does not hear B: …`. Empty = complete. */
  readonly missing: readonly string[];
}

/** Builds the matrix of all pairs of different participants. */
export function buildMatrix(hearings: readonly Hearing[]): Matrix {
  const cells: Cell[] = [];
  const missing: string[] = [];
  for (const listener of hearings)
    for (const speaker of hearings) {
      if (speaker.name === listener.name) continue;
      const cell = cellOf(listener, speaker);
      if (typeof cell === 'string') missing.push(`${listener.name} does not hear ${speaker.name}: ${cell}`);
      else cells.push(cell);
    }
  return { names: hearings.map(({ name }) => name), cells, missing };
}

function cellOf(listener: Hearing, speaker: Hearing): Cell | string {
  const voices = listener.voices.filter((voice) => voice.packets > 0);
  const voice = voices.find((one) => loudestTone(one).toneHz === speaker.toneHz);
  if (voice === undefined) return `none of ${voices.length} voices carries ${speaker.toneHz} Hz`;
  const toneDb = loudestTone(voice).overFloorDb;
  if (toneDb < heardFromDb) return `its tone is only ${toneDb.toFixed(1)} dB over the noise`;
  return {
    listener: listener.name,
    speaker: speaker.name,
    packets: voice.packets,
    lost: voice.lost,
    lossPercent: (100 * voice.lost) / (voice.packets + voice.lost),
    toneDb,
    oneWayMs: oneWay(voice.delaysMs),
    roundTripMs: listener.roundTripMs ?? speaker.roundTripMs ?? null,
    jitterBufferMs: voice.jitterBufferMs ?? null,
  };
}

function loudestTone(voice: HeardVoice): { readonly toneHz: number; readonly overFloorDb: number } {
  return voice.tones.reduce((loudest, tone) => (tone.overFloorDb > loudest.overFloorDb ? tone : loudest), {
    toneHz: 0,
    overFloorDb: -Infinity,
  });
}

function oneWay(delaysMs: readonly number[]): Cell['oneWayMs'] {
  if (delaysMs.length === 0) return null;
  const sorted = [...delaysMs].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
