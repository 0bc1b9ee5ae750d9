import { describe, expect, test } from '@jest/globals';
import { planProblems } from '../../../../operator/fleet/scale/floors.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import { aPod, before, nowMs } from '../../../support/pods.ts';
import { pods, ticks } from './ticks.ts';

// 2026-11-23 is a Monday; at 12:00 UTC it is 13:00 in Zurich.
const minute = 60_000;
const schedule = (change: object = {}): object => ({
  ...{ name: 'office', cron: '0 8 * * 1-5', timeZone: 'Europe/Zurich' },
  ...{ durationSeconds: 36_000, minPods: 4, ...change },
});
const at = (afterMs: number): string => new Date(nowMs + afterMs).toISOString();
const reservation = (name: string, fromMs: number, sessions: number): object => ({
  ...{ name, start: at(fromMs), end: at(fromMs + 60 * minute), sessions },
});

describe('a schedule', () => {
  test('holds its pods while it lasts', () => {
    expect(ticks({ schedules: [schedule()] }).next(pods(10))).toMatchObject({
      desired: 4,
      binding: 'schedule',
      limit: { reason: 'Schedule', message: 'office holds 4 pods' },
      change: { reason: 'Schedule', message: 'the schedule office asks for 4 pods' },
    });
  });

  test('is no limit to a demand that is higher', () => {
    expect(ticks({ schedules: [schedule()] }).next(pods(500))).toMatchObject({
      desired: 5,
      binding: 'sessionsPerPod',
    });
  });

  test.each([
    ['as early as pods take to be in DNS', { prewarm: true }, 4],
    ['not before it begins without prewarm', { prewarm: false }, 1],
  ])('begins %s', (_, change, desired) => {
    // Pod a took 200,000 ms; the schedule begins in 180,000 ms.
    const slow = aPod({ createdMs: before(7_200_000), marks: { firstPublishedMs: before(7_000_000) } });
    const soon = schedule({ cron: '3 13 * * *', ...change });
    expect(ticks({ schedules: [soon] }).next([slow]).desired).toBe(desired);
  });

  test('counts by priority, then by pods', () => {
    const holiday = schedule({ name: 'holiday', minPods: 2, priority: 10 });
    const busy = schedule({ name: 'busy', minPods: 6 });
    expect(ticks({ schedules: [schedule(), busy] }).next(pods(1)).desired).toBe(6);
    expect(ticks({ schedules: [schedule(), busy, holiday] }).next(pods(1)).desired).toBe(2);
  });

  // Pod a took 200,000 ms; what is next begins in 180,000 ms.
  const slow = aPod({ createdMs: before(7_200_000), marks: { firstPublishedMs: before(7_000_000) } });
  const next = schedule({ name: 'next', cron: '3 13 * * *', priority: 10 });

  test('counts until another of a higher priority begins, also when pods would be made for that one by now', () => {
    const inhibiting = schedule({ scaleDown: 'Inhibit' });
    expect(ticks({ schedules: [inhibiting, { ...next, minPods: 2 }] }).next([slow])).toMatchObject({
      desired: 4,
      binding: 'schedule',
    });
    const five = [slow, ...pods(1, 1, 1, 1)];
    expect(ticks({ schedules: [inhibiting, { ...next, minPods: 2 }] }).watch(five, 2 * minute)).toMatchObject(
      {
        desired: 5,
        limit: { reason: 'Schedule', message: expect.stringContaining('while the schedule office lasts') },
      },
    );
    expect(ticks({ schedules: [schedule(), { ...next, minPods: 6 }] }).next([slow]).desired).toBe(6);
  });

  test('makes no pods ahead for a time at which another will count', () => {
    const day = schedule({ name: 'day', minPods: 2, priority: 20 });
    expect(ticks({ schedules: [day, { ...next, minPods: 6 }] }).next([slow]).desired).toBe(2);
  });

  test('lets nothing be scaled down while it inhibits that', () => {
    const inhibiting = schedule({ minPods: 1, scaleDown: 'Inhibit' });
    expect(ticks({ schedules: [inhibiting] }).watch(pods(1, 1, 1), 10 * minute)).toMatchObject({
      desired: 3,
      limit: { reason: 'Schedule', message: expect.stringContaining('while the schedule office lasts') },
    });
  });

  test('that cannot be read is named with the fix, and asks for nothing', () => {
    const wrong = schedule({ timeZone: 'Europe/Zurch' });
    const decision = ticks({ schedules: [wrong] }).next(pods(1));
    expect([decision.desired, decision.problems]).toEqual([
      1,
      [expect.stringContaining('scaling.schedules[office]: cron "0 8 * * 1-5" in timeZone "Europe/Zurch"')],
    ]);
    const fine = aCluster({ replicas: undefined, scaling: { mode: 'Auto', schedules: [schedule()] } });
    expect(planProblems(fine.spec.scaling)).toEqual([]);
  });
});

describe('a reservation', () => {
  test('holds pods for its people, from as early as pods take on', () => {
    const soon = { reservations: [reservation('town-hall', 3 * minute, 550)] };
    expect(ticks(soon).next(pods(10))).toMatchObject({
      desired: 6,
      change: { reason: 'Reservation', message: 'the reservation town-hall asks for 6 pods' },
    });
  });

  test('is not there long before, nor after', () => {
    const later = {
      reservations: [reservation('later', 30 * minute, 550), reservation('past', -61 * minute, 550)],
    };
    expect(ticks(later).next(pods(10)).desired).toBe(1);
  });

  test('adds to another at the same time', () => {
    const both = { reservations: [reservation('a', 0, 300), reservation('b', 0, 200)] };
    expect(ticks(both).next(pods(10))).toMatchObject({ desired: 5, limit: { message: 'a, b holds 5 pods' } });
  });
});

test('what comes next of all plans is told', () => {
  const plans = {
    schedules: [schedule()],
    reservations: [reservation('town-hall', 30 * minute, 550)],
  };
  expect(ticks(plans).next(pods(1)).next).toEqual({
    timeMs: nowMs + 30 * minute,
    minPods: 6,
    name: 'town-hall',
  });
  expect(ticks({ schedules: [schedule()] }).next(pods(1)).next).toEqual({
    timeMs: Date.parse('2026-11-24T07:00:00Z'),
    minPods: 4,
    name: 'office',
  });
});
