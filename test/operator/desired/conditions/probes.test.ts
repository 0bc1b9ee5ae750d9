import { describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../../operator/api/shared.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import type { ProbeResult } from '../../../../operator/fleet/probeFacts.ts';
import { aStatus } from '../../../support/decisions.ts';
import { aNode, aPod, facts, nowMs, silence } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

type Spec = Parameters<typeof aCluster>[0];

/** `STATUS Reason: message`; `last` is what it was before. */
function condition(
  type: string,
  pods: readonly PodView[],
  { spec = {}, last = [] }: { spec?: Spec; last?: Condition[] } = {},
): string {
  const made = aCluster({ replicas: pods.length, ...spec });
  const cluster = { ...made, status: { ...made.status, conditions: last } };
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs });
  const input = { cluster, decision, revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] };
  return textOf(aStatus(input).conditions?.find((one) => one.type === type));
}

function textOf(found: Condition | undefined): string {
  return found === undefined ? 'none' : `${found.status} ${found.reason}: ${found.message}`;
}

const passed: ProbeResult = {
  ...{ outcome: 'Passed', message: '2 paths work', atMs: nowMs, failures: 0, addresses: '203.0.113.7' },
};
const media = { ...passed, addresses: '10.99.0.11' };
const failed: ProbeResult = { ...passed, outcome: 'Failed', message: 'UDP 203.0.113.7:8045', failures: 1 };
const reached = (reach?: ProbeResult, name = 'a'): PodView =>
  aPod({ name, node: aNode({ name }), facts: facts({ probe: { media, ...(reach && { reach }) } }) });

describe('AddressesReachable', () => {
  test.each<[string, PodView[]]>([
    ['Unknown NotProbed: No probe call of an idle pod has ended yet', [reached()]],
    [
      'Unknown CannotProbe: a cannot be probed: too old',
      [reached({ ...passed, outcome: 'Unable', message: 'too old' })],
    ],
    [
      'True Reached: Idle pods are reached over every media port of every advertised address: called by an SFU on another node, or by themselves where there is none',
      [reached({ ...passed, fromNode: 'n2' }), reached(passed, 'b')],
    ],
    [
      'False NotReachable: a: An SFU on node n2 does not get through: UDP 203.0.113.7:8045. The pods stay in DNS (network.address.verify is Advisory).',
      [reached({ ...failed, fromNode: 'n2' })],
    ],
    [
      'False NotReachable: a: The pod itself does not get through: UDP 203.0.113.7:8045. Not every router lets a node call its own public address: try from outside. The pods stay in DNS (network.address.verify is Advisory).',
      [reached(failed)],
    ],
  ])('is %s', (expected, pods) => {
    expect(condition('AddressesReachable', pods)).toBe(expected);
  });

  test('stays as it was while an operator that starts again has not called anybody', () => {
    const last: Condition = {
      ...{ type: 'AddressesReachable', status: 'True', reason: 'Reached', message: 'as before' },
      ...{ observedGeneration: 1, lastTransitionTime: '2026-11-23T11:00:00Z' },
    };
    expect(condition('AddressesReachable', [reached()], { last: [last] })).toBe('True Reached: as before');
    expect(condition('AddressesReachable', [reached(failed)], { last: [last] })).toMatch(
      /^False NotReachable/,
    );
  });

  test('is Unknown when nobody is to verify', () => {
    const spec = { network: { address: { verify: 'Off' } } };
    expect(condition('AddressesReachable', [reached(failed)], { spec })).toMatch(/^Unknown NotVerified/);
  });
});

describe('SessionsObservable', () => {
  test('is True while every pod answers', () => {
    expect(condition('SessionsObservable', [aPod()])).toMatch(/^True AllAnswer/);
  });

  test('names the silent pods, why they are silent, and what that holds up', () => {
    const pods = [aPod(), aPod({ name: 'b', node: aNode({ name: 'n2' }), facts: silence })];
    expect(condition('SessionsObservable', pods)).toMatch(
      /^False PodsSilent: No answer for 30 s from b: no answer within 2000 ms\. They count as full/,
    );
  });
});
