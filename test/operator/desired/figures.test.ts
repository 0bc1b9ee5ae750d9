import { describe, expect, test } from '@jest/globals';
import type { RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import { figuresOf, type Figures } from '../../../operator/desired/figures.ts';
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import { aPod, facts, nowMs, silence } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const auto = {
  replicas: undefined,
  scaling: { mode: 'Auto', minPods: 1, target: { sessionsPerPod: 100 }, headroom: { percent: 0 } },
};

/** A cluster of one pod with that many sessions. */
function decided(sessions: number, spec: object = auto): FleetDecision {
  const pods = [aPod({ facts: sessions < 0 ? silence : facts({ sessions }) })];
  return decideFleet({ cluster: aCluster({ ...spec }), pods, revision: 'current', nowMs });
}
const figures = (decision: FleetDecision, before: Partial<RtcClusterStatus>, atMs = nowMs): Figures =>
  figuresOf(decision, before, { nowMs: atMs, periodMs: 10_000 });

test('sessions, capacity and headroom are told with since when they are so', () => {
  expect(figures(decided(30), {}).sessions).toEqual({
    ...{ current: 30, capacity: 100, headroom: 70, stalePods: 0 },
    observedTime: '2026-11-23T12:00:00Z',
  });
  expect(figures(decided(130), {}).sessions).toMatchObject({ capacity: 100, headroom: 0 });
  expect(figures(decided(-1), {}).sessions).toMatchObject({ current: 0, stalePods: 1 });
});

describe('numbers', () => {
  test('that are the same keep their time, however late it is', () => {
    const before = figures(decided(30), {});
    expect(figures(decided(30), before, nowMs + 3_600_000)).toEqual({
      sessions: before.sessions,
      scaling: before.scaling,
    });
  });

  test('that changed wait until the last ones are ten seconds old, and say when that is', () => {
    const before = figures(decided(30), {});
    const early = figures(decided(31), before, nowMs + 4_000);
    expect([early.sessions, early.dueMs]).toEqual([before.sessions, nowMs + 10_000]);
    const later = figures(decided(31), before, nowMs + 10_000);
    expect(later).toMatchObject({ sessions: { current: 31, observedTime: '2026-11-23T12:00:10Z' } });
    expect(later).not.toHaveProperty('dueMs');
  });

  test('do not wait for a time that a clock set back has put into the future', () => {
    const before = figures(decided(30), {}, nowMs + 3_600_000);
    expect(figures(decided(31), before).sessions.current).toBe(31);
  });

  test('of capacity stay while what is learnt differs by less than a tenth', () => {
    const before = figures(decided(30), {});
    const old = { ...before.sessions, capacity: 95, headroom: 65 };
    expect(figures(decided(30), { ...before, sessions: old }, nowMs + 20_000).sessions).toEqual(old);
  });
});

test('a decision is told at once, with its inputs, and stays when the operator has forgotten it', () => {
  const before = figures(decided(30), {});
  const { scaling } = figures(decided(230), before, nowMs + 1_000);
  expect(scaling).toMatchObject({
    lastScaleTime: '2026-11-23T12:00:00Z',
    lastDecision: { from: 1, to: 3, reason: 'AboveTarget', inputs: { sessions: 230 } },
  });
  expect(figures(decided(30), { scaling }).scaling).toMatchObject({
    lastScaleTime: scaling.lastScaleTime,
    lastDecision: scaling.lastDecision,
  });
});

test('a dry run is no time of scaling', () => {
  const dry = { ...auto, scaling: { ...auto.scaling, dryRun: true } };
  const { scaling } = figures(decided(230, dry), {});
  expect(scaling.lastDecision).toMatchObject({ to: 3, dryRun: true });
  expect(scaling).not.toHaveProperty('lastScaleTime');
});
