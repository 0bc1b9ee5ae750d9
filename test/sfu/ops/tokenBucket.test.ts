import { expect, test } from '@jest/globals';
import { createTokenBucket } from '../../../sfu/ops/tokenBucket.ts';

test('a burst passes, then as many as the rate allows', () => {
  let now = 0;
  const bucket = createTokenBucket({ perSecond: 10, burst: 3, nowMs: () => now });
  const takes = (count: number): boolean[] => Array.from({ length: count }, () => bucket.tryTake());
  expect(takes(4)).toEqual([true, true, true, false]);
  now = 100;
  expect(takes(2)).toEqual([true, false]);
  now = 100_000;
  expect(takes(4)).toEqual([true, true, true, false]);
});

test('an overdrawn bucket says how long until it is even', () => {
  let now = 0;
  const bucket = createTokenBucket({ perSecond: 10, burst: 2, nowMs: () => now });
  expect([bucket.overdraw(2), bucket.overdraw(1), bucket.overdraw(4)]).toEqual([0, 100, 500]);
  now = 500;
  expect(bucket.overdraw(0)).toBe(0);
});

test('without a rate there is no limit', () => {
  const bucket = createTokenBucket({ perSecond: 0, burst: 0, nowMs: () => 0 });
  expect([bucket.tryTake(), bucket.overdraw(1_000)]).toEqual([true, 0]);
});

test('what costs more than a burst waits for a full bucket and takes it', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ perSecond: 1, burst: 4, nowMs: () => nowMs });
  expect([bucket.tryTake(5), bucket.tryTake()]).toEqual([true, false]);
  nowMs = 4_000;
  expect(bucket.tryTake(5)).toBe(true);
});
