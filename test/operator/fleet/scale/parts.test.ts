import { describe, expect, test } from '@jest/globals';
import {
  growthPerSecond,
  leadTimeMs,
  sampled,
  type Sample,
} from '../../../../operator/fleet/scale/growth.ts';
import { podsForLargestCall } from '../../../../operator/fleet/scale/largestCall.ts';
import { learnt, listPrices, priceOf } from '../../../../operator/fleet/scale/price.ts';
import { millicores } from '../../../../operator/fleet/scale/priceList.ts';
import { aNewPod, aPod, before, nowMs } from '../../../support/pods.ts';
import { pods, ticks } from './ticks.ts';

/** One sample each ten seconds. */
function series(...sessions: readonly number[]): readonly Sample[] {
  return sessions.reduce<readonly Sample[]>(
    (samples, count, index) => sampled(samples, { atMs: nowMs + index * 10_000, sessions: count }),
    [],
  );
}

describe('growth', () => {
  test.each([
    ['of one person a second', series(0, 10, 20, 30), 1],
    ['that ended', series(30, 30, 30, 30), 0],
    ['downwards', series(40, 30, 20), 0],
    ['seen for too short', series(0, 100), 0],
  ])('%s', (_, samples, perSecond) => {
    expect(growthPerSecond(samples)).toBeCloseTo(perSecond);
  });

  test('is of the last three minutes, however often is looked', () => {
    const hour = Array.from({ length: 3600 }, (_, second) => second);
    const samples = hour.reduce<readonly Sample[]>(
      (seen, second) => sampled(seen, { atMs: nowMs + second * 1000, sessions: second }),
      [],
    );
    expect(samples.length).toBeLessThanOrEqual(37);
    expect(growthPerSecond(samples)).toBeCloseTo(1);
  });

  test('times the measured lead time is headroom, and at most doubles the demand', () => {
    // 60 a minute, and pod a took 200 s to be in DNS: 200 people more.
    const spec = { headroom: { percent: 0, leadTime: 'Measured' } };
    const growing = ticks(spec);
    for (const sessions of [280, 290, 300]) growing.next(pods(sessions), 10_000);
    expect(growing.next(pods(310), 10_000)).toMatchObject({
      desired: 5,
      inputs: { growthPerMinute: 60, leadSeconds: 200, headroomSessions: 200 },
    });
    const rushing = ticks(spec);
    for (const sessions of [0, 100, 200]) rushing.next(pods(sessions), 10_000);
    expect(rushing.next(pods(300), 10_000).inputs.headroomSessions).toBe(300);
  });
});

describe('the lead time', () => {
  const pod = (name: string, createdAgoMs: number, tookMs: number): ReturnType<typeof aPod> =>
    aPod({
      name,
      createdMs: before(createdAgoMs),
      marks: { firstPublishedMs: before(createdAgoMs - tookMs) },
    });

  test('is the longest of the last pods', () => {
    expect(leadTimeMs([pod('a', 500_000, 20_000), pod('b', 400_000, 240_000)])).toBe(240_000);
  });

  test('leaves out pods that were in trouble, and those that were never in DNS', () => {
    expect(leadTimeMs([pod('a', 500_000, 20_000), pod('b', 9e6, 8e6), aNewPod({ name: 'c' })])).toBe(20_000);
  });

  test('is not that of a pod that came back to DNS', () => {
    const marks = { firstPublishedMs: before(300_000), publishedSinceMs: before(1000) };
    const back = aPod({ createdMs: before(500_000), marks });
    expect(leadTimeMs([back])).toBe(200_000);
  });

  test('is two minutes as long as nobody has been seen', () => {
    expect(leadTimeMs([])).toBe(120_000);
  });
});

describe('prices', () => {
  test('are by session and track', () => {
    const counts = { sessions: 10, audioIn: 2, videoIn: 1, audioOut: 20, videoOut: 10 };
    const { sessions, audioIn, videoIn, audioOut, videoOut } = millicores;
    const price = 10 * sessions + 2 * audioIn + videoIn + 20 * audioOut + 10 * videoOut;
    expect(priceOf(counts)).toBeCloseTo(price);
    expect(price).toBeGreaterThan(0);
  });

  test('are learnt from pods that have enough to do: at once at first, then slowly', () => {
    const busy = { usedMillicores: 500, listMillicores: 1000, load: 0.5 };
    const first = learnt(listPrices, busy, 10_000);
    expect(first.ratio).toBe(0.5);
    const swung = learnt({ ratio: 0.5, seenMs: 3_600_000 }, { ...busy, usedMillicores: 1000 }, 10_000);
    expect(swung.ratio).toBeGreaterThan(0.5);
    expect(swung.ratio).toBeLessThan(0.51);
    expect(learnt(listPrices, { ...busy, load: 0.05 }, 10_000)).toBe(listPrices);
  });
});

describe('the largest call', () => {
  const guard = (serving: readonly number[], current = serving.length): number =>
    podsForLargestCall({ largest: 60, perPod: 100, serving, current });

  test.each([
    ['has room on one of the pods', [50, 40, 90], 3],
    ['needs a pod more when none has room', [50, 50], 3],
    ['needs no second while one is coming', [50, 50], 3, 3],
    ['lets a pod go when the rest would keep the room', [10, 5], 1],
    ['keeps a pod whose people would take the room', [30, 20], 2],
    ['keeps one pod in any case', [0], 1],
  ])('%s', (...[, serving, expected, current]) => {
    expect(guard(serving, current ?? serving.length)).toBe(expected);
  });

  test('does not swing: with the people spread again, the number it went down to is enough', () => {
    for (let total = 0; total <= 400; total += 7)
      for (let count = 1; count <= 6; count += 1) {
        const spread = (over: number): number[] => Array.from({ length: over }, () => total / over);
        const fewer = guard(spread(count));
        if (fewer < count) expect(guard(spread(fewer))).toBeLessThanOrEqual(fewer);
      }
  });

  test('decides the number of pods, and says so', () => {
    const spec = { headroom: { percent: 0, leadTime: 'Off', largestCallSessions: 60 } };
    expect(ticks(spec).next(pods(50, 50))).toMatchObject({
      desired: 3,
      needed: 3,
      binding: 'largestCallSessions',
      change: { reason: 'LargestCall' },
    });
  });
});
