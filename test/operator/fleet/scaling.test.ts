import { describe, expect, test } from '@jest/globals';
import { aNewPod, aNode, aPod, before, facts, nowMs, silence } from '../../support/pods.ts';
import { crashed, decide, deleted, draining, published, states } from './cases.ts';

describe('scaling up', () => {
  test('creates what is missing', () => {
    expect(decide(3, [aPod()]).create).toBe(2);
  });

  test('brings a draining pod back before it creates one', () => {
    const decision = decide(3, [aPod(), draining('b', 20_000, { facts: facts({ sessions: 3 }) })]);
    expect([states(decision), decision.create]).toEqual([['a: Published', 'b: Published'], 1]);
  });

  test('does not bring back a pod that is not ready', () => {
    expect(decide(2, [aPod(), draining('b', 20_000, { isReady: false })]).create).toBe(1);
  });

  test('counts a crashing pod: the kubelet goes on trying', () => {
    expect(decide(2, [aPod(), aNewPod({ name: 'b', isReady: false, problem: crashed })]).create).toBe(0);
  });

  test('replaces a pod that somebody else deletes', () => {
    expect(decide(2, [aPod(), aPod({ name: 'b', isTerminating: true })]).create).toBe(1);
  });

  test('replaces a pod whose node is lost, and keeps it: its calls may go on', () => {
    const lost = aPod({ name: 'b', isReady: false, node: aNode({ isReady: false }), facts: silence });
    const decision = decide(2, [aPod(), lost]);
    expect([decision.create, deleted(decision)]).toEqual([1, []]);
  });
});

describe('scaling down', () => {
  test.each([
    ['not in DNS', aNewPod({ name: 'x', facts: facts({ version: '0.1.0' }) }), 'x: NeverPublished'],
    ['ended', aPod({ name: 'x', isDead: true }), 'x: PodEnded'],
  ])('takes a pod at once that is %s', (_, pod, expected) => {
    const decision = decide(1, [aPod(), pod]);
    expect([deleted(decision), published(decision)]).toEqual([[expected], ['a']]);
  });

  test.each([
    ['of an older template', { revision: 'old' }],
    ['with fewer sessions', { facts: facts({ sessions: 1 }) }],
    ['with less load', { facts: facts({ sessions: 2, load: 0.1 }) }],
    ['that is younger', { createdMs: before(1), facts: facts({ sessions: 2, load: 0.3 }) }],
  ])('drains the pod %s', (_, change) => {
    const other = { facts: facts({ sessions: 2, load: 0.3 }) };
    const decision = decide(1, [aPod({ name: 'a', ...other, ...change }), aPod({ name: 'b', ...other })]);
    expect(decision.members.map(({ drain }) => drain?.startedMs)).toEqual([nowMs, undefined]);
    expect(published(decision)).toEqual(['b']);
  });

  test('counts unknown sessions as many', () => {
    const decision = decide(1, [
      aPod({ name: 'a', facts: silence }),
      aPod({ name: 'b', facts: facts({ sessions: 9 }) }),
    ]);
    expect(published(decision)).toEqual(['a']);
  });

  test('never deletes a pod with a call, however long it takes', () => {
    const decision = decide(1, [aPod(), draining('b', 1e9, { facts: facts({ sessions: 1 }) })]);
    expect([deleted(decision), states(decision)]).toEqual([
      [],
      ['a: Published', 'b: Draining SessionsActive'],
    ]);
  });

  test('never deletes a pod whose sessions are unknown', () => {
    const decision = decide(1, [aPod(), draining('b', 1e9, { facts: silence })]);
    expect([deleted(decision), states(decision)]).toEqual([
      [],
      ['a: Published', 'b: Draining SessionsUnknown'],
    ]);
  });

  test('deletes when the last call has ended', () => {
    expect(deleted(decide(1, [aPod(), draining('b', 120_000)]))).toEqual(['b: Drained']);
  });

  test('says when to look again', () => {
    expect(decide(1, [aPod(), draining('b', 40_000)]).recheckMs).toBe(nowMs + 5_000);
  });

  test('swaps when the pod that was to stay fails: DNS must not run empty', () => {
    const failed = aPod({ name: 'a', isReady: false, problem: crashed, facts: silence });
    const decision = decide(1, [failed, draining('b', 20_000)]);
    expect(published(decision)).toEqual(['b']);
    expect(deleted(decision)).toEqual([]);
  });

  test('leaves discovery.minPublished pods in DNS', () => {
    const spec = { discovery: { minPublished: 2 } };
    const pods = [aPod({ name: 'a' }), aPod({ name: 'b' }), aPod({ name: 'c', isReady: false })];
    expect(published(decide(2, pods, { spec }))).toEqual(['a', 'b']);
  });
});
