/** Joins on a media worker that is nearly full. It needs the machine for itself, so it is a long test. */
import { afterAll, afterEach, expect, test } from '@jest/globals';

import { keepFigures } from '../../support/keepFigures.ts';
import { type BusyWorkers, inTime, mayBeLate, startBusyWorkers } from './busyWorkers.ts';
import { endPeers } from './scene.ts';

let busy: BusyWorkers;
afterEach(() => busy.close());
afterAll(endPeers);

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

test('at 90 % load joins are answered within a second', async () => {
  busy = await startBusyWorkers(1);
  const shares: number[] = [];
  const tookMs: number[] = [];
  for (let number = 0; number < 10; number += 1) {
    shares.push(await busy.drive(0.85, 0.95));
    tookMs.push(await busy.join('call', `session-${number}`));
  }
  expect(inTime(tookMs)).toBeGreaterThanOrEqual(10 - mayBeLate);
  expect(busy.sessions()).toEqual([10]);
  expect(await busy.sent()).toBeGreaterThan(0);
  await keepFigures(
    'joins-at-90-percent-load',
    {
      joins: 10,
      inTime: inTime(tookMs),
      medianMs: medianOf(tookMs),
      longestMs: Math.max(...tookMs),
      load: medianOf(shares),
    },
    'long -- test/sfu/call/busy',
  );
}, 120_000);
