import { describe, expect, test } from '@jest/globals';
import { aNewPod, aPod, before, facts, nowMs } from '../../support/pods.ts';
import { crashed, decide, deleted, draining, published, states } from './cases.ts';

describe('a new revision', () => {
  test('replaces at once what nobody used yet', () => {
    const stuck = aNewPod({ name: 'b', revision: 'old', isReady: false, problem: crashed });
    const decision = decide(2, [aPod(), stuck]);
    expect([deleted(decision), decision.create]).toEqual([['b: Outdated'], 1]);
  });

  test('drains one published pod, whose place is kept for it', () => {
    const decision = decide(2, [aPod({ revision: 'old' }), aPod({ name: 'b', revision: 'old' })]);
    expect([states(decision), decision.create]).toEqual([['a: Published', 'b: Draining Propagating'], 0]);
    expect(decision.members[1]?.drain?.reason).toBe('Rollout');
  });

  test('begins with a second pod where there is but one', () => {
    const decision = decide(1, [aPod({ revision: 'old' })]);
    expect([deleted(decision), decision.create, published(decision)]).toEqual([[], 1, ['a']]);
  });

  test('that is taken back brings the pod back that was drained for it', () => {
    const marks = { isPublished: false, drain: { reason: 'Rollout', startedMs: before(20_000) } } as const;
    expect(states(decide(2, [aPod(), aPod({ name: 'b', marks })]))).toEqual(['a: Published', 'b: Published']);
  });
});

describe('a deleted cluster', () => {
  test('drains all and creates none', () => {
    const decision = decide(2, [aPod({ facts: facts({ sessions: 1 }) })], { deleted: true });
    expect([states(decision), decision.create]).toEqual([['a: Draining SessionsActive'], 0]);
    expect(decision.members[0]?.drain?.reason).toBe('Deletion');
  });

  test('ends the calls that are left at its deadline, also of a pod that somebody else deleted', () => {
    const drain = { reason: 'Deletion', startedMs: before(7_200_000), deadlineMs: nowMs } as const;
    const marks = { isPublished: false, drain };
    const ending = { isTerminating: true, terminatesMs: nowMs + 3_600_000 };
    const busy = { facts: facts({ sessions: 1 }), marks };
    const pods = [aPod({ name: 'a', ...busy }), aPod({ name: 'b', ...busy, ...ending })];
    const { deletions } = decide(2, pods, { deleted: true });
    expect(deletions.map(({ pod, isForced }) => [pod.name, isForced])).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  test('deletes pods as their calls end', () => {
    const pods = [draining('a', 120_000), draining('b', 120_000, { facts: facts({ sessions: 1 }) })];
    expect(deleted(decide(2, pods, { deleted: true }))).toEqual(['a: Drained']);
  });
});

test('a version raised above every pod does not empty DNS', () => {
  const pods = [aPod({ name: 'a' }), aPod({ name: 'b' })];
  const decision = decide(2, pods, { spec: { engine: { minimumVersion: '9.0.0' } } });
  expect(states(decision)).toEqual(['a: Published VersionTooLow', 'b: Cordoned VersionTooLow']);
});
