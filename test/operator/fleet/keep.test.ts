import { describe, expect, test } from '@jest/globals';
import { keptForMinimum, type Candidate } from '../../../operator/fleet/keep.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import type { ProbeFacts, ProbeResult } from '../../../operator/fleet/probeFacts.ts';
import { gate } from '../../../operator/fleet/publish.ts';
import { aNode, aPod, before, facts, nowMs, silence } from '../../support/pods.ts';

const rules = { minimumVersion: '0.17.0', requirePublic: true, verify: 'Gate' as const };
const well = { address: '203.0.113.7' };
const behind = (pod: PodView): Candidate => ({ pod, gate: gate(pod, rules) });
const result = (failures: number): ProbeResult => ({
  ...{ outcome: failures > 0 ? 'Failed' : 'Passed', message: 'no connection within 5 s' },
  ...{ atMs: nowMs, failures, addresses: '203.0.113.7' },
});
const probed = (name: string, probe: ProbeFacts): Candidate =>
  behind(aPod({ name, marks: well, facts: facts({ probe }) }));
const silenced = (name: string, failures: number): Candidate =>
  probed(name, { media: result(failures), reach: result(0) });
const unreached = (name: string): Candidate => probed(name, { media: result(0), reach: result(2) });
const outdated = (name: string): Candidate =>
  behind(aPod({ name, marks: well, facts: facts({ version: '0.1.0' }) }));
const local = (name: string, change: Parameters<typeof aPod>[0] = {}): Candidate =>
  behind(aPod({ name, ...change }));

describe('the last pods in DNS', () => {
  test('stay although the gate is closed', () => {
    expect([...keptForMinimum([outdated('a')], 1)]).toEqual([['uid-a', 'kept for discovery.minPublished']]);
  });

  test('go when enough others pass', () => {
    expect(keptForMinimum([outdated('a'), behind(aPod({ name: 'well', marks: well }))], 1).size).toBe(0);
  });

  test('are never pods that are not ready: Kubernetes withdraws those itself', () => {
    expect(keptForMinimum([behind(aPod({ isReady: false }))], 1).size).toBe(0);
  });

  test('are as many as are missing', () => {
    const kept = keptForMinimum([silenced('a', 9), silenced('b', 2), silenced('c', 3)], 2);
    expect([...kept.keys()]).toEqual(['uid-b', 'uid-c']);
  });

  const matters = 'what is wrong with it matters less';
  test.each<[string, string, readonly Candidate[]]>([
    ['a private address rather than one that is not reached', matters, [unreached('a'), local('b')]],
    ['an address that others do not reach rather than no media', matters, [silenced('a', 2), unreached('b')]],
    [
      'no media rather than a version that keeps the plugin from starting',
      matters,
      [outdated('a'), silenced('b', 9)],
    ],
    [
      'one whose node is there',
      'Kubernetes hears of its node',
      [local('a', { node: aNode({ isReady: false }) }), local('b')],
    ],
    ['one that answers', 'its API answers', [local('a', { facts: silence }), local('b')]],
    ['the one that failed least', 'it has failed fewer probe calls', [silenced('a', 3), silenced('b', 2)]],
    [
      'the one that is there for longest',
      'it has been there for longer',
      [local('a'), local('b', { marks: { publishedSinceMs: before(8_000_000) } })],
    ],
  ])('are those most likely to serve: %s', (_, words, candidates) => {
    const why = `kept for discovery.minPublished, rather than a, because ${words}`;
    expect([...keptForMinimum(candidates, 1)]).toEqual([['uid-b', why]]);
  });

  test('are told apart by their names where nothing else does', () => {
    const kept = keptForMinimum([outdated('b'), outdated('a')], 1);
    expect([...kept]).toEqual([['uid-a', 'kept for discovery.minPublished']]);
  });
});
