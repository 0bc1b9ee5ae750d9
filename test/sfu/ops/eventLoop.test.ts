import { afterEach, expect, test } from '@jest/globals';

import { delaySeconds, EventLoopMonitor, sampleMs } from '../../../sfu/ops/eventLoop.ts';

let monitor: EventLoopMonitor | undefined;
afterEach(() => monitor?.stop());

/** Nothing else runs meanwhile. */
function block(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

const aTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2 * sampleMs.serving));

test('an event loop that is sampled on time has no delay', () => {
  expect(delaySeconds(50_000_000, 50)).toBe(0);
  expect(delaySeconds(0, 50)).toBe(0); // Nothing was sampled since the last scrape.
});

test('the delay is what an interval took beyond the time between samples', () => {
  expect(delaySeconds(62_000_000, 50)).toBeCloseTo(0.012, 6);
});

test('a loop that stood still is told once', async () => {
  const watching = (monitor = new EventLoopMonitor());
  watching.watch(true);
  await aTurn();
  block(300);
  await aTurn();
  expect(watching.takeSeconds()).toBeGreaterThan(0.25);
  expect(watching.takeSeconds()).toBe(0);
});

test('what was late while people were served still counts when they are gone', async () => {
  const watching = (monitor = new EventLoopMonitor());
  watching.watch(true);
  await aTurn();
  block(300);
  await aTurn();
  watching.watch(false);
  expect(watching.takeSeconds()).toBeGreaterThan(0.25);
});
