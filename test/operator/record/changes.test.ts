import { describe, expect, test } from '@jest/globals';
import type { RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import { changesOf } from '../../../operator/record/changes.ts';
import { aDecision } from '../../support/decisions.ts';
import { aPod, nowMs } from '../../support/pods.ts';

type Status = Partial<RtcClusterStatus>;
const since = '2026-11-23T11:00:00Z';
const member = { name: 'calls-sfu-0', revision: 'r', state: 'Published', since } as const;
const ready = {
  type: 'Ready',
  status: 'True',
  reason: 'AllPublished',
  message: 'All pods are in DNS',
} as const;
const condition = { ...ready, observedGeneration: 1, lastTransitionTime: since };
const calm: Status = { desiredPods: 1, members: [member], conditions: [condition] };
const { deletions } = aDecision();

const changes = (status: Status, before: Status = calm): ReturnType<typeof changesOf> =>
  changesOf({ status: before }, { status, deletions, nowMs });

describe('the diary of a cluster', () => {
  test('has no line for a decision that is as the one before', () => {
    expect(changes(calm)).toEqual([]);
    expect(changes({ ...calm, members: [{ ...member, message: 'other words' }] })).toEqual([]);
  });

  test('tells a pod that changes its state, with the reason', () => {
    const draining = { ...member, state: 'Draining', drain: 'ScaleDown' } as const;
    const why = { reason: 'SessionsActive', message: 'Waits for its calls to end' };
    expect(changes({ ...calm, members: [{ ...draining, ...why }] })).toEqual([
      { atMs: nowMs, about: 'pod calls-sfu-0', was: 'Published', is: 'Draining (ScaleDown)', ...why },
    ]);
  });

  test('tells pods that come, that are deleted and why, and that are gone without our doing', () => {
    const other = { ...member, name: 'calls-sfu-1' };
    expect(changes({ ...calm, members: [member, other] })).toMatchObject([
      { about: 'pod calls-sfu-1', is: 'Published' },
    ]);
    expect(changes({ ...calm, members: [] })).toMatchObject([
      { was: 'Published', is: 'Gone', reason: 'Gone' },
    ]);
    const drained = { reason: 'Drained', message: 'Its last call has ended' };
    const deleted = [{ pod: aPod({ name: member.name }), isForced: false, ...drained }];
    expect(
      changesOf({ status: calm }, { status: { ...calm, members: [] }, deletions: deleted, nowMs }),
    ).toMatchObject([{ is: 'Deleted', ...drained }]);
  });

  test('tells a new number of pods with the words of its decision', () => {
    expect(changes({ ...calm, desiredPods: 2 })).toMatchObject([{ about: 'pods', was: '1', is: '2' }]);
  });

  test('tells a condition that turns, and none that is said for the first time', () => {
    const now = { ...condition, status: 'False', reason: 'BelowMinimum', message: 'why' } as const;
    expect(changes({ ...calm, conditions: [now] })).toMatchObject([
      { about: 'condition Ready', was: 'True', is: 'False', reason: 'BelowMinimum', message: 'why' },
    ]);
    expect(changes(calm, { ...calm, conditions: [] })).toEqual([]);
  });

  test('tells what was refused once, and once when it is written after all', () => {
    const refusal = { reason: 'Forbidden', message: 'quota' };
    const refused = { status: calm, deletions, refusal, nowMs };
    expect(changesOf({ status: calm }, refused)).toMatchObject([{ about: 'writes', is: 'Refused' }]);
    expect(changesOf({ status: calm, refusal }, refused)).toEqual([]);
    expect(changesOf({ status: calm, refusal }, { status: calm, deletions, nowMs })).toMatchObject([
      { about: 'writes', was: 'Forbidden', is: 'Written' },
    ]);
  });
});
