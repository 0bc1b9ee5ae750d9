import { describe, expect, test } from '@jest/globals';

import { readOggOpus } from '../../../demo/speech/ogg.ts';
import { speakers } from '../../../demo/speech/speakers.ts';
import { addTone, audioLevels, normalise, readWav, writeWav } from '../../../demo/speech/wav.ts';

/** One Ogg page: segment sizes, then the segments. */
function page(...segments: Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(27);
  header.write('OggS');
  header[26] = segments.length;
  return Buffer.concat([header, Uint8Array.from(segments.map(({ length }) => length)), ...segments]);
}
const headers = [page(Buffer.from('OpusHead')), page(Buffer.from('OpusTags'))];

describe('an Ogg file', () => {
  test('gives its audio packets, also those that go over segments and pages', () => {
    const long = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    const file = Buffer.concat([
      ...headers,
      page(Uint8Array.of(1), long.subarray(0, 255)),
      page(long.subarray(255), Uint8Array.of(2)),
    ]);
    expect(readOggOpus(file).map((packet) => [...packet])).toEqual([[1], [...long], [2]]);
  });

  test('that is none is refused', () => {
    expect(() => readOggOpus(Buffer.from('RIFF'.repeat(20)))).toThrow('no Ogg page at byte 0');
    expect(() => readOggOpus(page(Buffer.from('vorbis')))).toThrow('not an Ogg Opus file');
  });
});

describe('a WAV file', () => {
  const sound = { sampleRate: 1000, samples: Float32Array.of(0, 0.5, -0.5) };

  test('survives being written and read', () => {
    const back = readWav(writeWav(sound));
    expect(back.sampleRate).toBe(1000);
    [0, 0.5, -0.5].forEach((sample, index) => expect(back.samples[index]).toBeCloseTo(sample, 3));
  });

  test('without sound is refused', () => {
    expect(() => readWav(new Uint8Array(44))).toThrow('no data chunk');
  });

  test('becomes a loop of whole seconds with a pause at its end', () => {
    const loop = normalise(sound).samples;
    expect(loop.length).toBe(2000);
    expect(Math.max(...loop)).toBeCloseTo(0.6);
  });

  test('gets audio levels as RFC 6464 counts them', () => {
    const tone = addTone({ sampleRate: 8000, samples: new Float32Array(8000) }, 1000, Math.SQRT2 * 0.1);
    expect(new Set(audioLevels(tone))).toEqual(new Set([20]));
    expect(audioLevels({ sampleRate: 8000, samples: new Float32Array(320) })).toEqual([127, 127]);
  });
});

test('no speaker’s tone is another’s, nor a multiple, a sum or a difference of others', () => {
  const tones = speakers.map(({ toneHz }) => toneHz);
  const others = tones.flatMap((one) => tones.flatMap((other) => [one + other, Math.abs(one - other)]));
  expect(new Set(tones).size).toBe(tones.length);
  for (const toneHz of tones)
    expect(others.filter((mixed) => mixed > 0 && Math.abs(mixed - toneHz) < 5)).toEqual([]);
});
