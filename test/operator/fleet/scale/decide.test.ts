import { describe, expect, test } from '@jest/globals';
import { aNewPod, aPod, before, facts, nowMs, without } from '../../../support/pods.ts';
import { pods, podWith, silentPod, ticks } from './ticks.ts';

const minute = 60_000;

describe('the number of pods', () => {
  test('rises at once to what the sessions need', () => {
    const decision = ticks().next(pods(150, 130));
    expect([decision.desired, decision.binding, decision.change]).toMatchObject([
      3,
      'sessionsPerPod',
      {
        from: 2,
        to: 3,
        reason: 'AboveTarget',
        message: 'target.sessionsPerPod needs 2.8 pods, 2.8 of them without headroom',
        inputs: { sessions: 280, publishedPods: 2 },
      },
    ]);
  });

  test.each([
    ['sessions', { headroom: { sessions: 150, percent: 10, leadTime: 'Off' } }, 4],
    ['percent', { headroom: { sessions: 1, percent: 100, leadTime: 'Off' } }, 4],
    ['neither', {}, 2],
  ])('keeps the greatest headroom: %s', (_, scaling, desired) => {
    expect(ticks(scaling).next(pods(95, 95)).desired).toBe(desired);
  });

  test.each([
    ['loadPercent', { target: { loadPercent: 50, cpuPercent: 100 } }, 'loadPercent', 4],
    ['cpuPercent', { target: { sessionsPerPod: 400, cpuPercent: 50 } }, 'cpuPercent', 4],
    ['egressMbitPerPod', { target: { cpuPercent: 100, egressMbitPerPod: 500 } }, 'egressMbitPerPod', 4],
    ['sessionsPerPod', { target: { sessionsPerPod: 100, cpuPercent: 100 } }, 'sessionsPerPod', 4],
  ])('is decided by the target that needs most: %s', (...[, scaling, binding, desired]) => {
    const use = { sessions: 200, load: 0.8, measures: { atMs: nowMs, egressMbit: 900 } };
    const decision = ticks(scaling).next([podWith('a', facts(use)), podWith('b', facts(use))]);
    expect([decision.binding, decision.desired]).toEqual([binding, desired]);
  });

  test('stays while the need differs by no more than the tolerance', () => {
    expect(ticks().next(pods(110, 110)).desired).toBe(2);
    expect(ticks().next(pods(111, 111)).desired).toBe(3);
  });

  test('counts the people on pods that drain: they come back', () => {
    const draining = aPod({
      name: 'c',
      facts: facts({ sessions: 120 }),
      marks: { isPublished: false, drain: { reason: 'ScaleDown', startedMs: before(1000) } },
    });
    expect(ticks().next([...pods(100, 100), draining]).desired).toBe(4);
  });

  test('rises no faster than behavior.scaleUp, and says so', () => {
    const scaling = { behavior: { scaleUp: { maxPods: 2, maxPercent: 0, periodSeconds: 60 } } };
    const up = ticks(scaling);
    const first = up.next(pods(900));
    expect([first.desired, first.limit?.reason]).toEqual([3, 'Velocity']);
    expect(first.limit?.message).toContain('Rises to 9 by and by: at most 2 pods or 0 % more in 60 s');
    expect(up.next(pods(900), 30_000).desired).toBe(3);
    expect(up.next(pods(900), 30_000).desired).toBe(5);
  });

  test('rises only when more was needed in every period that is to confirm it', () => {
    const up = ticks({ behavior: { scaleUp: { confirmPeriods: 3 } } });
    up.watch(pods(50), minute);
    expect(up.next(pods(250), 10_000).desired).toBe(1);
    expect(up.next(pods(250), 10_000)).toMatchObject({ desired: 1, limit: { reason: 'Window' } });
    expect(up.next(pods(250), 10_000).desired).toBe(3);
  });
});

describe('pods that do not answer', () => {
  test('count with their last answer until it is stale', () => {
    const decision = ticks().next([silentPod('a', 150, 20_000), ...pods(130)]);
    expect([decision.desired, decision.unknown]).toEqual([3, []]);
  });

  test('freeze going down once it is stale, and say who and what to look at', () => {
    const decision = ticks().watch([...pods(10), silentPod('z', 10, 60_000)], 10 * minute);
    expect([decision.desired, decision.unknown]).toEqual([2, ['z']]);
    expect(decision.limit).toMatchObject({
      reason: 'MissingMetrics',
      message: expect.stringContaining('the sessions of z are unknown'),
    });
  });

  test.each([
    ['Hold', 2],
    ['AssumeFull', 3],
  ])('count with onMissing %s for %s pods', (onMissing, desired) => {
    const scaling = { metrics: { onMissing } };
    expect(ticks(scaling).next([...pods(130), silentPod('z', 40, 60_000)]).desired).toBe(desired);
  });

  test('do not matter before they were ever in DNS', () => {
    const starting = aNewPod({ name: 'b', facts: { answered: false, message: 'refused' } });
    expect(ticks().next([...pods(50), starting]).unknown).toEqual([]);
  });

  test('are those whose answer is old, too: nobody asks any more', () => {
    const old = podWith('a', facts({ sessions: 1, measures: { atMs: before(40_000) } }));
    expect(ticks().next([old]).unknown).toEqual(['a']);
  });
});

describe('bounds', () => {
  test('begin with minPods for a new cluster', () => {
    const decision = ticks({ minPods: 2 }).next([]);
    expect([decision.desired, decision.change?.reason]).toEqual([2, 'BelowMinPods']);
  });

  test('end growth at the eligible nodes and the pods that may wait for one', () => {
    const decision = ticks().next(pods(200, 200, 200), 0, 3);
    expect([decision.desired, decision.limit?.reason]).toEqual([4, 'EligibleNodes']);
    expect(decision.limit?.message).toContain('6 pods are needed, and 3 nodes can carry one: add nodes');
    const fixed = ticks({ behavior: { maxPendingPods: 0 } });
    expect(fixed.next(pods(200, 200, 200), 0, 3).desired).toBe(3);
  });

  test('never take a pod away because a node went', () => {
    expect(ticks().watch(pods(90, 90, 90), 10 * minute).desired).toBe(3);
    expect(ticks().next(pods(90, 90, 90), 0, 1).desired).toBe(3);
  });

  test('of a new leader are what the old one wanted, as far as pods tell', () => {
    const lost = without(aPod({ name: 'z', isReady: false }), 'node');
    expect(ticks().next([...pods(1, 1), lost]).desired).toBe(2);
  });

  test('of a new leader do not count what a rollout has added beyond them', () => {
    const added = aPod({ name: 'z', marks: { isSurge: true } });
    expect(ticks().next([...pods(1, 1), added]).desired).toBe(2);
  });
});
