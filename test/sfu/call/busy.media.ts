/** Joins while a media worker has no room. */
import { afterAll, afterEach, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type BusyWorkers, inTime, mayBeLate, startBusyWorkers } from './busyWorkers.ts';
import { endPeers } from './scene.ts';

let busy: BusyWorkers;
afterEach(() => busy.close());
afterAll(endPeers);

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
