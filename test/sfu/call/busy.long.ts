/** Joins on media workers that are nearly full, or without room. They need the machine for themselves, so they are long tests. */
import { afterAll, afterEach, expect, test } from '@jest/globals';

import { keepFigures } from '../../support/keepFigures.ts';
import { eventually } from '../../support/eventually.ts';
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

test('while a worker is saturated joins go to the next one, also those of calls that are on it, and are answered', async () => {
  busy = await startBusyWorkers(2);
  await busy.join('old', 'ann');
  await busy.drive(0.97, 1.5);
  await eventually(() => (busy.hasRoom() ? 'the first has room' : undefined));
  const tookMs: number[] = [];
  for (let number = 0; number < 5; number += 1) {
    tookMs.push(await busy.join('old', `old-${number}`));
    tookMs.push(await busy.join(`new-${number}`, `new-${number}`));
  }
  expect(inTime(tookMs)).toBeGreaterThanOrEqual(10 - mayBeLate);
  const [first = 0, second = 0] = busy.sessions();
  expect(first + second).toBe(11);
  expect(second).toBeGreaterThanOrEqual(10 - mayBeLate);
}, 120_000);
