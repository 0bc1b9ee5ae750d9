import { describe, expect, test } from '@jest/globals';

import { bestToneDb, toneOverFloorDb } from '../../../demo/bots/tone.ts';

const sampleRate = 16_000;
/** Noise that is the same in every run (a linear congruential generator). */
function noise(seconds: number, amplitude: number): Float32Array {
  let state = 1;
  return new Float32Array(seconds * sampleRate).map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return amplitude * (state / 1_073_741_824 - 1);
  });
}
function withTone(samples: Float32Array, toneHz: number, amplitude: number): Float32Array {
  return samples.map((sample, i) => sample + amplitude * Math.sin((2 * Math.PI * toneHz * i) / sampleRate));
}

describe('a tone', () => {
  test('far below the loudness of the noise stands out', () => {
    expect(toneOverFloorDb(withTone(noise(1, 0.05), 3109, 0.006), sampleRate, 3109)).toBeGreaterThan(18);
  });

  test('that is another one does not', () => {
    expect(toneOverFloorDb(withTone(noise(1, 0.05), 3533, 0.006), sampleRate, 3109)).toBeLessThan(13);
  });

  test('in one quiet second is found although speech hides it in all others', () => {
    const quiet = withTone(noise(1, 0.001), 4421, 0.006);
    const samples = Float32Array.of(...noise(2, 0.5), ...quiet, ...noise(1, 0.5));
    expect(bestToneDb(samples, sampleRate, 4421)).toBeGreaterThan(30);
  });

  test('is not heard in silence, nor in nothing', () => {
    expect(toneOverFloorDb(new Float32Array(8000), sampleRate, 3109)).toBe(0);
    expect(toneOverFloorDb(new Float32Array(0), sampleRate, 3109)).toBe(0);
  });
});
