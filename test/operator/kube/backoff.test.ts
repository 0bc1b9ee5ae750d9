import { expect, test } from '@jest/globals';
import { backoffMs, keyBackoff, watchBackoff } from '../../../operator/kube/backoff.ts';

test('a key waits 5 ms first, twice as long each time, and never more than 1000 s', () => {
  expect([1, 2, 3, 4].map((failures) => backoffMs(keyBackoff, failures))).toEqual([5, 10, 20, 40]);
  expect(backoffMs(keyBackoff, 1000)).toBe(1_000_000);
});

test('a watch waits 800 ms to 30 s, and chance only shortens that', () => {
  expect(backoffMs(watchBackoff, 1)).toBe(800);
  expect(backoffMs(watchBackoff, 50)).toBe(30_000);
  expect(backoffMs(watchBackoff, 50, 0.999)).toBeGreaterThan(15_000);
});
