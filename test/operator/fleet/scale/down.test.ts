import { describe, expect, test } from '@jest/globals';
import { aNewPod, aPod, before } from '../../../support/pods.ts';
import { pods, ticks } from './ticks.ts';

const minute = 60_000;

describe('going down', () => {
  test('waits for a whole window, then goes step by step', () => {
    const down = ticks();
    expect(down.watch(pods(50, 0, 0), 5 * minute - 10_000)).toMatchObject({
      desired: 3,
      limit: { reason: 'Window' },
    });
    const first = down.next(pods(50, 0, 0), 20_000);
    expect([first.desired, first.change?.reason, first.limit?.reason]).toEqual([
      2,
      'BelowTarget',
      'Velocity',
    ]);
    expect(down.next(pods(50, 0), 30_000).desired).toBe(2);
    expect(down.next(pods(50, 0), 30_000).desired).toBe(1);
  });

  test('goes no lower than the most that was needed in the window', () => {
    const down = ticks();
    down.watch(pods(100, 100, 80), minute);
    down.watch(pods(50, 0, 0), 4 * minute);
    expect(down.next(pods(50, 0, 0), 10_000).desired).toBe(3);
    expect(down.watch(pods(50, 0, 0), minute).desired).toBe(2);
  });

  test('begins anew under a new leader', () => {
    const down = ticks();
    down.watch(pods(50, 0, 0), 5 * minute - 10_000);
    down.restart();
    const decision = down.watch(pods(50, 0, 0), 5 * minute - 10_000);
    expect([decision.desired, decision.limit?.message]).toMatchObject([
      3,
      expect.stringContaining('before a whole window of 300 s was watched'),
    ]);
  });

  test.each([
    ['after nobody looked for a while', 3 * minute],
    ['after the clock jumped ahead', 60 * minute],
    ['after the clock jumped back', -60 * minute],
  ])('begins anew %s', (_, jumpMs) => {
    const down = ticks();
    down.watch(pods(50, 0, 0), 4 * minute);
    expect(down.next(pods(50, 0, 0), jumpMs).desired).toBe(3);
    expect(down.watch(pods(50, 0, 0), 4 * minute).desired).toBe(3);
    expect(down.watch(pods(50, 0, 0), 2 * minute).desired).toBeLessThan(3);
  });

  test('waits while a pod in DNS is young, since it is there for a reason', () => {
    const down = ticks({ behavior: { minPodAgeSeconds: 3600 } });
    const young = aPod({ name: 'b', createdMs: before(1) });
    expect(down.watch([...pods(50), young], 10 * minute)).toMatchObject({
      desired: 2,
      limit: { reason: 'MinPodAge' },
    });
  });

  test('does not wait for the age of a pod that was never in DNS', () => {
    const young = aNewPod({ name: 'b', createdMs: before(1), isReady: false });
    expect(ticks().watch([...pods(50), young], 6 * minute).desired).toBe(1);
  });

  test('goes to maxPods at once when that was lowered', () => {
    const down = ticks();
    down.next(pods(100, 100, 100));
    down.change({ maxPods: 2 });
    expect(down.next(pods(100, 100, 100), 1000)).toMatchObject({
      desired: 2,
      change: { reason: 'AboveMaxPods' },
      limit: { reason: 'MaxPods', message: '3 pods are needed: raise scaling.maxPods, now 2' },
    });
  });
});
