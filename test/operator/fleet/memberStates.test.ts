import { describe, expect, test } from '@jest/globals';
import { aNewPod, aNode, aPod, before, facts, nowMs, silence, without } from '../../support/pods.ts';
import { crashed, decide, deleted, draining, states } from './cases.ts';

const withoutNode = without(aNewPod({ name: 'new', isReady: false }), 'node', 'nodeName');

test('a pod whose cause to leave is gone keeps its reason until it is known whether it can serve, and then serves', () => {
  const marks = { isPublished: false, drain: { reason: 'NodeDrain', startedMs: before(5_000) } } as const;
  const busy = facts({ sessions: 3 });
  const uncalled = facts({ sessions: 3, probe: {} });
  const unknown = decide(2, [aPod(), aPod({ name: 'b', facts: uncalled, marks })]).members[1];
  expect(unknown?.drain?.reason).toBe('NodeDrain');
  expect(unknown?.message).toContain('What it was emptied for (NodeDrain) is past');
  expect(states(decide(2, [aPod(), aPod({ name: 'b', facts: busy, marks })]))[1]).toBe('b: Published');
});

describe('a member', () => {
  test.each([
    ['Published', aNewPod()],
    ['Pending Scheduling', withoutNode],
    ['Pending Unschedulable', { ...withoutNode, problem: { reason: 'Unschedulable', message: 'no node' } }],
    ['Starting NotReady', aNewPod({ isReady: false })],
    ['Gated VersionTooLow', aNewPod({ facts: facts({ version: '0.1.0' }) })],
    ['Cordoned NotReady', aPod({ isReady: false })],
    ['Failed ContainerCrashed', aPod({ isReady: false, problem: crashed })],
    ['Published', aPod({ problem: crashed })],
    ['Failed NodeNotReady', aPod({ isReady: false, node: aNode({ isReady: false }) })],
    ['Draining Terminating', aPod({ isTerminating: true })],
  ])('is %s', (state, pod) => {
    expect(states(decide(1, [pod]))[0]).toBe(`${pod.name}: ${state}`);
  });

  test.each([
    ['has no calls: it ends in a moment', facts()],
    ['goes on with its calls until they end', facts({ sessions: 1 })],
    ['says no more whether it has calls; those it has go on until they end', silence],
  ])('that somebody deletes %s', (says, said) => {
    const [member] = decide(1, [aPod({ isTerminating: true, facts: said })]).members;
    expect(member?.message).toBe(`The pod is being deleted and ${says}`);
  });

  test('without an address on its node says so before anything else', () => {
    const pod = aNewPod({ isReady: false, node: aNode({ addresses: [] }) });
    expect(states(decide(1, [pod]))).toEqual(['a: Starting NoNodeAddress']);
  });

  test('learns its address from its node', () => {
    const pod = { ...aNewPod(), marks: { ...aNewPod().marks, address: '' } };
    expect(decide(1, [pod]).members[0]).toMatchObject({ address: '10.99.0.11', isPublished: true });
  });

  test.each([
    ['in DNS, without a session', aPod(), true],
    ['leaving DNS', draining('a', 1_000), true],
    ['drained of all but one call', draining('a', 120_000, { facts: facts({ sessions: 1 }) }), true],
    ['out of DNS for a while', aPod({ isReady: false }), true],
    ['never in DNS', aNewPod({ isReady: false }), false],
    [
      'never in DNS, and in a call all the same',
      aNewPod({ isReady: false, facts: facts({ sessions: 1 }) }),
      true,
    ],
  ])('that is %s is kept from eviction if it may have calls', (_, pod, isBusy) => {
    expect(decide(1, [pod]).members[0]?.isBusy).toBe(isBusy);
  });
});

describe('a pod that somebody else deletes', () => {
  test('leaves DNS, keeps its calls, and has the deadline that Kubernetes gave it', () => {
    const ending = aPod({ isTerminating: true, terminatesMs: nowMs + 60_000, facts: facts({ sessions: 1 }) });
    const decision = decide(1, [aPod({ name: 'b' }), ending]);
    expect(decision.members[1]).toMatchObject({
      ...{ state: 'Draining', reason: 'Terminating', isPublished: false, deadlineMs: nowMs + 60_000 },
    });
    expect(deleted(decision)).toEqual([]);
  });
});
