import { expect, test } from '@jest/globals';

import { type MeteredTrack, PacketMeter } from '../../../sfu/media/packetMeter.ts';

/** Tracks and a clock of plain values: questions take as long as is said. */
function bench(options: {
  readonly questionMs: number;
  readonly silent?: readonly string[];
  /** Default: four of them, the last of which has gone. */
  readonly ids?: readonly string[];
}) {
  const asked: string[] = [];
  const pauses: number[] = [];
  const clock = { nowMs: 0 };
  const tracks = (options.ids ?? ['a', 'b', 'c', 'd']).map((id): MeteredTrack => ({
    id,
    direction: id === 'a' ? 'in' : 'out',
    isSilent: () => options.silent?.includes(id) ?? false,
    flow: () => {
      asked.push(id);
      clock.nowMs += options.questionMs;
      return id === 'd'
        ? Promise.reject(new Error('gone'))
        : Promise.resolve({ packets: 10, bitsPerSecond: 80 });
    },
  }));
  return {
    asked,
    pauses,
    meter: new PacketMeter(() => tracks, {
      nowMs: () => clock.nowMs,
      pause: (durationMs) => {
        pauses.push(durationMs);
        clock.nowMs += durationMs;
        return Promise.resolve();
      },
    }),
  };
}

test('after each question the worker has nine times as long for packets (fake tracks)', async () => {
  const { pauses, meter } = bench({ questionMs: 10, silent: ['b'] });
  await meter.round();
  expect(pauses).toEqual([90, 90, 90]);
});

test('short questions are spread, as far as a round has time for all (fake tracks)', async () => {
  const few = bench({ questionMs: 1, silent: ['b'] });
  await few.meter.round();
  expect(few.pauses).toEqual([39, 39, 39]);
  const many = bench({ questionMs: 1, ids: Array.from({ length: 225 }, (_, at) => `${at}`) });
  await many.meter.round();
  expect(new Set(many.pauses)).toEqual(new Set([19]));
  expect(many.asked).toHaveLength(225);
});

test('a round ends before the next is due, and the next one goes on where it ended (fake tracks)', async () => {
  const { asked, meter } = bench({ questionMs: 250 });
  await meter.round();
  expect(asked.join('')).toBe('ab');
  await meter.round();
  expect(asked.join('')).toBe('abcd');
});

test('silent tracks are not asked, and one that has gone does not end the round (fake tracks)', async () => {
  const { asked, meter } = bench({ questionMs: 1, silent: ['b'] });
  await meter.round();
  await meter.round();
  expect(asked.join('')).toBe('acddac');
  expect(meter.counts()).toEqual({ in: 10, out: 10 });
  expect(meter.egressBitsPerSecond()).toBe(80);
});

test('while a round is under way no other one begins (fake tracks)', async () => {
  const { asked, meter } = bench({ questionMs: 1 });
  await Promise.all([meter.round(), meter.round()]);
  expect(asked.join('')).toBe('abcd');
});
