import { describe, expect, test } from '@jest/globals';
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import type { PodMarks, PodView } from '../../../operator/fleet/pod.ts';
import { aNewPod, aNode, aPod, before, facts, nowMs, silence, without } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

/** Decides for a cluster of `replicas` pods, with everything else at its default. */
function decide(
  replicas: number,
  pods: readonly PodView[],
  change: { spec?: object; deleted?: boolean } = {},
): FleetDecision {
  const metadata = change.deleted === true ? { deletionTimestamp: '2026-11-23T11:00:00Z' } : {};
  const cluster = aCluster({ replicas, ...change.spec }, metadata);
  return decideFleet({ cluster, pods, revision: 'current', nowMs });
}

/** `name: state reason` of each member. */
const states = ({ members }: FleetDecision): string[] =>
  members.map(({ pod, state, reason }) => [`${pod.name}: ${state}`, reason].filter(Boolean).join(' '));
const deleted = ({ deletions }: FleetDecision): string[] =>
  deletions.map(({ pod, reason }) => `${pod.name}: ${reason}`);
const published = ({ members }: FleetDecision): string[] =>
  members.filter(({ isPublished }) => isPublished).map(({ pod }) => pod.name);

const draining = (name: string, agoMs: number, change: Partial<Omit<PodView, 'marks'>> = {}): PodView =>
  aPod({ name, marks: drained(agoMs), ...change });
const drained = (agoMs: number): Partial<PodMarks> => ({
  isPublished: false,
  drain: { reason: 'ScaleDown', startedMs: before(agoMs) },
});
const crashed = { reason: 'ContainerCrashed', message: 'Container sfu ended with exit code 1: port in use' };
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
