/** Pure: how far one tone stands out of what was heard. */

/** Neighbours that make the noise floor, in Hz: far enough not to hear the tone, no multiples of each other. */
const floorOffsetsHz = [-97, -83, -71, -59, -47, -37, 37, 47, 59, 71, 83, 97];

/**
 * The best that any second of `samples` shows, in dB over the noise around the
 * tone. Speech hides a pilot tone for moments; the pauses between words do not.
 */
export function bestToneDb(samples: Float32Array, sampleRate: number, toneHz: number): number {
  const seconds = Math.max(1, Math.floor(samples.length / sampleRate));
  const levels = Array.from({ length: seconds }, (_, second) =>
    toneOverFloorDb(samples.subarray(second * sampleRate, (second + 1) * sampleRate), sampleRate, toneHz),
  );
  return Math.max(...levels);
}

/** dB of `toneHz` over the median of its neighbourhood. `samples` are mono, −1..1; half a second or more is wanted. */
export function toneOverFloorDb(samples: Float32Array, sampleRate: number, toneHz: number): number {
  if (samples.length === 0) return 0;
  const windowed = hann(samples);
  const floor = floorOffsetsHz.map((offset) => goertzel(windowed, sampleRate, toneHz + offset));
  const median = floor.sort((a, b) => a - b)[floor.length >> 1] ?? 0;
  const tone = goertzel(windowed, sampleRate, toneHz);
  return 10 * Math.log10((tone + 1e-12) / (median + 1e-12));
}

/** Power of one frequency (Goertzel's recurrence), normalised so that a sine of amplitude 1 gives about 1/16. */
export function goertzel(samples: Float32Array, sampleRate: number, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRate);
  let previous = 0;
  let beforePrevious = 0;
  for (const sample of samples) {
    const current = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const power =
    previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return power / (samples.length * samples.length);
}

function hann(samples: Float32Array): Float32Array {
  const last = Math.max(1, samples.length - 1);
  return samples.map((sample, index) => sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / last)));
}
