import { describe, expect, test } from '@jest/globals';
import { decideScale } from '../../../../operator/fleet/scale/decide.ts';
import { nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import { pods, ticks } from './ticks.ts';

const minute = 60_000;

describe('a dry run', () => {
  test('shows each decision once, and acts on none', () => {
    const dry = ticks({ dryRun: true });
    const first = dry.next(pods(250));
    expect([first.desired, first.change]).toMatchObject([1, { from: 1, to: 3, isDryRun: true }]);
    expect(dry.next(pods(250), 10_000).change).toBeUndefined();
    expect(dry.next(pods(350), 10_000).change).toMatchObject({ to: 4 });
    dry.change({ dryRun: false });
    expect(dry.next(pods(350), 10_000)).toMatchObject({ desired: 4, change: { isDryRun: false } });
  });

  test('goes on with its number under a new leader, however many pods are there for others by then', () => {
    const cluster = aCluster({ replicas: undefined, scaling: { mode: 'Auto', minPods: 1, dryRun: true } });
    const status = { ...cluster.status, desiredPods: 2 };
    const input = { pods: pods(1, 1, 1), nowMs, eligibleNodes: undefined, history: undefined };
    expect(decideScale({ ...input, cluster: { ...cluster, status } }).decision.desired).toBe(2);
  });

  test('still gives a new cluster its first pods', () => {
    expect(ticks({ dryRun: true, minPods: 2 }).next([]).desired).toBe(2);
  });
});

describe('replicas', () => {
  test.each([
    ['Manual', 'Replicas'],
    ['External', 'ExternalReplicas'],
  ])('decide in mode %s, at once and in both directions', (mode, reason) => {
    const manual = ticks({ mode, replicas: 3 });
    expect(manual.next(pods(1, 1, 1)).desired).toBe(3);
    manual.change({ replicas: 1 });
    expect(manual.next(pods(1, 1, 1), 10_000)).toMatchObject({
      desired: 1,
      binding: 'replicas',
      change: { reason, from: 3, to: 1 },
    });
  });

  test('do not keep what is needed from being told', () => {
    expect(ticks({ mode: 'Manual', replicas: 1 }).next(pods(250)).needed).toBe(3);
  });

  test('leave a whole window to whoever turns to Auto', () => {
    const manual = ticks({ mode: 'Manual', replicas: 3 });
    manual.watch(pods(1, 1, 1), 10 * minute);
    manual.change({ mode: 'Auto', replicas: undefined });
    expect(manual.watch(pods(1, 1, 1), 4 * minute).desired).toBe(3);
  });
});
