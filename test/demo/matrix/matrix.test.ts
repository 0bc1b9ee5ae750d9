import { describe, expect, test } from '@jest/globals';

import type { HeardVoice, Hearing } from '../../../demo/matrix/hearing.ts';
import { buildMatrix } from '../../../demo/matrix/matrix.ts';
import { renderMatrix } from '../../../demo/matrix/table.ts';

const voice = (toneHz: number, change: Partial<HeardVoice> = {}): HeardVoice => ({
  packets: 400,
  lost: 0,
  delaysMs: [],
  tones: [
    { toneHz: 3109, overFloorDb: toneHz === 3109 ? 50 : 5 },
    { toneHz: 3533, overFloorDb: toneHz === 3533 ? 50 : 5 },
  ],
  ...change,
});
const ada: Hearing = {
  name: 'Ada',
  toneHz: 3109,
  roundTripMs: 2,
  voices: [voice(3533, { jitterBufferMs: 40 })],
};
const bot: Hearing = {
  name: 'Emil',
  toneHz: 3533,
  voices: [voice(3109, { packets: 390, lost: 10, delaysMs: [3, 1, 2] })],
};

describe('the matrix', () => {
  test('is complete when everyone hears everyone else', () => {
    const { cells, missing } = buildMatrix([ada, bot]);
    expect(missing).toEqual([]);
    expect(cells).toEqual([
      {
        ...{ listener: 'Ada', speaker: 'Emil', packets: 400, lost: 0, lossPercent: 0, toneDb: 50 },
        ...{ oneWayMs: null, roundTripMs: 2, jitterBufferMs: 40 },
      },
      {
        ...{ listener: 'Emil', speaker: 'Ada', packets: 390, lost: 10, lossPercent: 2.5, toneDb: 50 },
        ...{ oneWayMs: { p50: 2, p95: 3 }, roundTripMs: 2, jitterBufferMs: null },
      },
    ]);
  });

  test.each([
    ['no voice came', [], 'none of 0 voices carries 3533 Hz'],
    ['the voice is somebody else’s', [voice(3109)], 'none of 1 voices carries 3533 Hz'],
    ['the voice has no packets', [voice(3533, { packets: 0 })], 'none of 0 voices carries 3533 Hz'],
    [
      'the tone drowns',
      [voice(3533, { tones: [{ toneHz: 3533, overFloorDb: 9 }] })],
      'its tone is only 9.0 dB over the noise',
    ],
  ])('names the pair and the reason when %s', (_, voices, reason) => {
    expect(buildMatrix([{ ...ada, voices }, bot]).missing).toEqual([`Ada does not hear Emil: ${reason}`]);
  });

  test('shows as a table in which what is missing stands out', () => {
    const lines = renderMatrix(buildMatrix([ada, { ...bot, voices: [] }]));
    expect(lines.map((line) => line.trimEnd())).toEqual([
      ' hears │ Ada     │ Emil',
      '───────┼─────────┼──────────────────',
      ' Ada   │ ·       │ 400 pk 0.0 %',
      '       │         │ 50 dB rt 2 jb 40',
      '───────┼─────────┼──────────────────',
      ' Emil  │ MISSING │ ·',
      '       │         │',
    ]);
  });
});
