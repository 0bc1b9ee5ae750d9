import { describe, expect, test } from '@jest/globals';
import { longestSeconds, markFor, timeoutMs } from '../../../operator/fleet/deadline.ts';
import type { DrainMark, DrainReason } from '../../../operator/fleet/pod.ts';
import { before as ago, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const spec = (drain: object = {}): Parameters<typeof timeoutMs>[0] => aCluster({ drain }).spec.drain;
const forced = { policy: 'ForceAfter', timeoutSeconds: 600 };
const override = (reason: DrainReason, rule: object): object => ({ overrides: [{ reason, ...rule }] });

describe('a drain', () => {
  test.each([
    ['waits for ever by default', 'ScaleDown', {}, undefined],
    ['has the deadline of the spec', 'Rollout', forced, 600_000],
    ['of a node has one hour by default, less a little', 'NodeDrain', forced, 3_300_000],
    ['of a spot node has little time', 'SpotInterruption', {}, 90_000],
    ['for a deletion ends', 'Deletion', {}, 7_200_000],
    ['has the deadline of its reason', 'NodeDrain', override('NodeDrain', forced), 600_000],
    [
      'waits for ever when its reason says so',
      'Deletion',
      override('Deletion', { policy: 'Wait' }),
      undefined,
    ],
  ] as const)('%s', (...[, reason, drain, expected]) => {
    expect(timeoutMs(spec(drain), reason)).toBe(expected);
  });
});

describe('the grace of a pod', () => {
  test.each([
    ['is the longest time by default', {}, 18_000],
    ['covers reasons that wait longer', override('Rollout', { ...forced, timeoutSeconds: 30_000 }), 30_000],
    ['covers what is built in', { timeoutSeconds: 60 }, 7_200],
    [
      'is short when all of that is',
      { timeoutSeconds: 60, overrides: ['Deletion', 'NodeDrain'].map((reason) => ({ ...forced, reason })) },
      600,
    ],
  ])('%s', (_, drain, expected) => {
    expect(longestSeconds(spec(drain))).toBe(expected);
  });
});

describe('the mark of a drain', () => {
  const running: DrainMark = { reason: 'NodeDrain', startedMs: ago(1_000), deadlineMs: nowMs + 5_000 };
  const mark = (reasons: readonly [DrainReason, ...DrainReason[]], before?: DrainMark): DrainMark =>
    markFor(reasons, { before, spec: spec(), nowMs });

  test.each([
    ['begins now', ['NodeDrain'], undefined, { startedMs: nowMs, deadlineMs: nowMs + 3_300_000 }],
    ['has no deadline while it waits', ['ScaleDown'], undefined, { reason: 'ScaleDown', startedMs: nowMs }],
    ['keeps what is on the pod', ['NodeDrain'], running, running],
    [
      'keeps it too where a person took the deadline away',
      ['NodeDrain'],
      { reason: 'NodeDrain', startedMs: ago(1_000) },
      { reason: 'NodeDrain', startedMs: ago(1_000) },
    ],
    [
      'has its reason with the earliest deadline',
      ['ScaleDown', 'Deletion', 'SpotInterruption'],
      undefined,
      { reason: 'SpotInterruption', deadlineMs: nowMs + 90_000 },
    ],
    [
      'takes a further reason from now on, and keeps its start',
      ['ScaleDown', 'Deletion'],
      { reason: 'ScaleDown', startedMs: ago(60_000) },
      { reason: 'Deletion', startedMs: ago(60_000), deadlineMs: nowMs + 7_200_000 },
    ],
    ['is not put off by a further reason', ['Deletion', 'NodeDrain'], running, running],
    [
      'waits again when the reason with the deadline is gone',
      ['ScaleDown'],
      running,
      { reason: 'ScaleDown', startedMs: ago(1_000) },
    ],
    [
      'gets a new deadline where nobody can read the old one',
      ['NodeDrain'],
      { ...running, deadlineMs: Number.NaN },
      { ...running, deadlineMs: nowMs + 3_300_000 },
    ],
  ] as const)('%s', (...[, reasons, before, expected]) => {
    expect(mark([...reasons], before)).toEqual(
      before === undefined ? expect.objectContaining(expected) : expected,
    );
  });
});
