/** An address that changes under a pod. */
import { describe, expect, test } from '@jest/globals';
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import type { PodMarks, PodView } from '../../../operator/fleet/pod.ts';
import { aNewPod, aNode, aPod, before, facts, nowMs, silence } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const moved = aNode({ addresses: [{ type: 'InternalIP', address: '10.99.0.99' }] });
const talking = { facts: facts({ sessions: 2 }), node: moved };
const idle = aPod({ node: moved });
const drained: Partial<PodMarks> = {
  isPublished: false,
  drain: { reason: 'AddressChanged', startedMs: before(120_000) },
};

function decide(pods: readonly PodView[], address: object = {}): FleetDecision {
  const cluster = aCluster({ replicas: 3, network: { address } });
  return decideFleet({ cluster, pods, revision: 'current', nowMs });
}

/** `name: state reason address` of the first. */
function first({ members: [member] }: FleetDecision): string {
  return [member?.pod.name, member?.state, member?.reason, member?.address].filter(Boolean).join(' ');
}

describe('a pod whose node has another address now', () => {
  test.each<[string, PodView, string]>([
    ['takes it while it has no calls', idle, 'a Published 10.99.0.99'],
    ['takes it before it was ever in DNS', { ...aNewPod(), node: moved }, 'a Published 10.99.0.99'],
    ['drains while it has some', aPod(talking), 'a Draining Propagating 10.99.0.11'],
    [
      'drains even then where it runs a stock rtcd, which has read the old one',
      aPod({ node: moved, engine: 'Rtcd' }),
      'a Draining Propagating 10.99.0.11',
    ],
    [
      'drains while nobody knows of any',
      aPod({ node: moved, facts: silence }),
      'a Draining Propagating 10.99.0.11',
    ],
    [
      'goes on draining while they last',
      aPod({ ...talking, marks: drained }),
      'a Draining SessionsActive 10.99.0.11',
    ],
    [
      'comes back with it when the last has ended',
      aPod({ node: moved, marks: drained }),
      'a Published 10.99.0.99',
    ],
    [
      'believes no node that is lost',
      aPod({ ...talking, node: { ...moved, isReady: false } }),
      'a Published 10.99.0.11',
    ],
  ])('%s', (_, pod, expected) => {
    const others = ['b', 'c'].map((name) => aPod({ name }));
    expect(first(decide([pod, ...others]))).toBe(expected);
  });

  test('stays in DNS as it is where no other could take its calls', () => {
    expect(first(decide([aPod(talking)]))).toBe('a Published HeldForMinimum 10.99.0.11');
  });

  test('tells the second address at once: no call hangs on it', () => {
    const node = aNode({ addresses: [...moved.addresses, { type: 'ExternalIP', address: '203.0.113.7' }] });
    const pod = aPod({ ...talking, node, marks: { address: '203.0.113.7,10.99.0.11' } });
    expect(first(decide([pod]))).toBe('a Published 203.0.113.7,10.99.0.99');
  });
});

test('a pod in DNS whose source of addresses fails keeps what it has, and the failure is said', () => {
  const [member] = decide([idle], { sources: [{ type: 'ConfigMap', name: 'gone' }] }).members;
  expect([member?.state, member?.address, member?.pod.addressProblem?.reason]).toEqual([
    'Published',
    '10.99.0.11',
    'AddressMapMissing',
  ]);
});

test('a stock rtcd is given the first of two addresses', () => {
  const node = aNode({
    addresses: [
      { type: 'InternalIP', address: '10.99.0.11' },
      { type: 'ExternalIP', address: '203.0.113.7' },
    ],
  });
  const fresh = { ...aNewPod({ node }), marks: { isPublished: false, isBusy: false, address: '' } };
  expect(first(decide([fresh]))).toContain('203.0.113.7,10.99.0.11');
  expect(first(decide([{ ...fresh, engine: 'Rtcd' }]))).toMatch(/203\.0\.113\.7$/);
});

test('a pod in DNS that does not answer keeps what STUN told before, and nothing is wrong with it', () => {
  const pod = aPod({ facts: silence, marks: { address: '198.51.100.4,10.99.0.11' } });
  const [member] = decide([pod], { sources: [{ type: 'STUN', urls: ['stun:s.example.com'] }] }).members;
  expect([member?.address, member?.pod.addressProblem]).toEqual(['198.51.100.4,10.99.0.11', undefined]);
});
