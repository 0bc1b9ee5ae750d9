/** Decodes what was received and says which tones are in it. */
import { setImmediate as breathe } from 'node:timers/promises';

import { OpusDecoder } from 'opus-decoder';

import type { ToneLevel } from '../matrix/hearing.ts';
import { bestToneDb } from './tone.ts';

const sampleRate = 16_000;

/** The level of each tone in consecutive Opus packets. Lets other work go on between the tones. */
export async function listenForTones(
  packets: readonly Uint8Array[],
  tonesHz: readonly number[],
): Promise<ToneLevel[]> {
  if (tonesHz.length === 0) return [];
  const decoder = new OpusDecoder({ channels: 1, sampleRate });
  await decoder.ready;
  const samples = decoder.decodeFrames([...packets]).channelData[0] ?? new Float32Array(0);
  const heard = samples.slice(); // The decoder's own memory goes with it.
  decoder.free();
  const levels: ToneLevel[] = [];
  for (const toneHz of tonesHz) {
    levels.push({ toneHz, overFloorDb: bestToneDb(heard, sampleRate, toneHz) });
    await breathe();
  }
  return levels;
}
