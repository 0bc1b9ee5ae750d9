import { describe, expect, test } from '@jest/globals';
import { decideFleet } from '../../../operator/fleet/decide.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { droppedSessions, endedDrains } from '../../../operator/ops/fleet/drains.ts';
import type { FleetReport, Sample } from '../../../operator/ops/fleet/report.ts';
import { aNode, aPod, before, facts, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

/** What a reconcile of these pods finds out, when `replicas` are wanted. */
function report(replicas: number, ...pods: readonly PodView[]): FleetReport {
  const cluster = aCluster({ replicas });
  return { cluster, decision: decideFleet({ cluster, pods, revision: 'current', nowMs }), status: {}, nowMs };
}
const text = (samples: readonly Sample[]): string[] =>
  samples.map(({ labels, value }) => `${Object.values(labels).join(' ')} ${value}`);

const a = aPod();
const drained = { isPublished: false, drain: { reason: 'ScaleDown', startedMs: before(120_000) } } as const;
const busy = aPod({ name: 'b', facts: facts({ sessions: 3 }) });
const late = { ...drained, drain: { ...drained.drain, deadlineMs: nowMs } } as const;
const failing = { isReady: false, problem: { reason: 'ContainerCrashed', message: 'bad' } };

describe('a drain', () => {
  const draining = aPod({ name: 'b', marks: drained });
  test.each([
    [
      'that its calls let go is completed',
      report(1, a, draining),
      report(1, a, draining),
      ['ScaleDown Completed 120'],
    ],
    [
      'at its deadline is forced',
      report(1, a),
      report(1, a, { ...busy, marks: { ...busy.marks, ...late } }),
      ['ScaleDown Forced 120'],
    ],
    [
      'that was taken back is undone',
      report(1, a, { ...busy, marks: { ...busy.marks, ...drained } }),
      report(2, a, busy),
      ['ScaleDown Undone 120'],
    ],
    [
      'that goes on has not ended',
      report(2, a, busy),
      report(1, a, { ...busy, marks: { ...busy.marks, ...drained } }),
      [],
    ],
  ])('%s', (...[, was, is, expected]) => {
    expect(text(endedDrains(was, is))).toEqual(expected);
  });
});

describe('sessions', () => {
  const ending = (inMs: number): PodView => ({ ...busy, isTerminating: true, terminatesMs: nowMs + inMs });
  test.each([
    [
      'are dropped at a deadline',
      report(1, a, busy),
      report(1, a, { ...busy, marks: { ...busy.marks, ...late } }),
      ['ScaleDown 3'],
    ],
    ['are dropped when Kubernetes loses patience', report(1, a, ending(0)), report(1, a), ['Terminated 3']],
    ['are not when a pod ends by itself', report(1, a, ending(60_000)), report(1, a), []],
    ['are dropped with a pod that is gone', report(1, a, busy), report(1, a), ['PodLost 3']],
    [
      'are dropped by a crash',
      report(2, a, busy),
      report(2, a, { ...busy, ...failing }),
      ['ContainerCrashed 3'],
    ],
    [
      'are dropped by an eviction, whatever the node calls it',
      report(2, a, busy),
      report(2, a, { ...busy, isReady: false, problem: { reason: 'Evicted', message: 'memory' } }),
      ['PodFailed 3'],
    ],
    [
      'go on at a node that is lost',
      report(1, a, busy),
      report(1, a, { ...busy, isReady: false, node: aNode({ isReady: false }) }),
      [],
    ],
  ])('%s', (...[, was, is, expected]) => {
    expect(text(droppedSessions(was, is))).toEqual(expected);
  });
});
