import { expect, test } from '@jest/globals';
import { createBoundedLog } from '../../../sfu/ops/boundedLog.ts';
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

test('lines of one kind are written once in a while, with the number left out', () => {
  let now = 0;
  const log = createBoundedLog({ intervalMs: 1_000, nowMs: () => now });
  const written: unknown[] = [];
  const say = (kind: string): void => log.say(kind, (more) => written.push([kind, more]));
  for (const kind of ['a', 'a', 'b', 'a']) say(kind);
  now = 1_000;
  say('a');
  expect(written).toEqual([
    ['a', {}],
    ['b', {}],
    ['a', { leftOut: 2 }],
  ]);
});

test('a flood of kinds is not remembered for ever', () => {
  const log = createBoundedLog({ nowMs: () => 0 });
  let lines = 0;
  for (let kind = 0; kind < 1_000; kind += 1) log.say(`${kind}`, () => (lines += 1));
  log.say('one more', () => (lines += 1));
  log.say('0', () => (lines += 1));
  expect(lines).toBe(1_002);
});

test('what costs more than a burst waits for a full bucket and takes it', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ perSecond: 1, burst: 4, nowMs: () => nowMs });
  expect([bucket.tryTake(5), bucket.tryTake()]).toEqual([true, false]);
  nowMs = 4_000;
  expect(bucket.tryTake(5)).toBe(true);
});
