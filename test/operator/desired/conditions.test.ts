import { describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../operator/api/shared.ts';
import { conditionsOf, type Verdict } from '../../../operator/desired/conditions/verdict.ts';
import { invalidStatus, type statusOf } from '../../../operator/desired/status.ts';
import { decideFleet } from '../../../operator/fleet/decide.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { aStatus } from '../../support/decisions.ts';
import { aNewPod, aNode, aPod, before, facts, nowMs, silence } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const time = '2026-11-23T12:00:00Z';

/** Status of a cluster of `replicas` with these pods. */
function status(
  replicas: number,
  pods: readonly PodView[],
  more: { refusal?: { reason: string; message: string }; problems?: string[]; deleted?: boolean } = {},
): ReturnType<typeof statusOf> {
  const metadata = more.deleted === true ? { deletionTimestamp: time } : {};
  const cluster = aCluster({ replicas }, metadata);
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs });
  const { refusal } = more;
  return aStatus({
    ...{ cluster, decision, revision: 'current', operatorsImage: 'sfu:2' },
    credentialProblems: more.problems ?? [],
    ...(refusal && { refusal }),
  });
}

/** `STATUS Reason` of one condition. */
function condition(type: string, of: ReturnType<typeof statusOf>): string {
  const found = of.conditions?.find((candidate) => candidate.type === type);
  return `${found?.status ?? ''} ${found?.reason ?? ''}`;
}

const crashed = aNewPod({
  name: 'b',
  isReady: false,
  problem: { reason: 'ContainerCrashed', message: 'port in use' },
});
const inPublic = aNode({ addresses: [{ type: 'ExternalIP', address: '203.0.113.7' }] });
const lost = aNewPod({ name: 'b', isReady: false, node: aNode({ addresses: [] }) });
const draining = aPod({
  name: 'b',
  marks: { isPublished: false, drain: { reason: 'ScaleDown', startedMs: before(1e6) } },
  facts: facts({ sessions: 3 }),
});

test('what is the same of several pods is said once', () => {
  const other = { ...crashed, name: 'c' };
  const [ready] = status(3, [aPod(), crashed, other]).conditions ?? [];
  expect(ready?.message).toBe('b, c: port in use');
});

test('a pod that is drained for its rollout keeps the cluster ready, and nobody reads that every pod takes calls', () => {
  const old = { revision: 'old', facts: facts({ sessions: 3 }) };
  const leaving = aPod({
    ...{ name: 'b', ...old },
    marks: { isPublished: false, drain: { reason: 'Rollout', startedMs: before(1e6) } },
  });
  const of = status(2, [aPod(old), leaving]);
  expect(condition('Ready', of)).toBe('True RolloutReplaces');
  expect(of.conditions?.[0]?.message).toMatch(/^1 of 2 pods are in DNS, as many as the rollout leaves/);
  expect(condition('EndpointsPublished', of)).toBe('True RolloutReplaces');
});

describe('Ready', () => {
  test.each([
    ['True AllPublished', status(1, [aPod()])],
    ['True AllPublished', status(1, [aPod(), draining])],
    ['False Creating', status(2, [aPod()])],
    ['False ContainerCrashed', status(2, [aPod(), crashed])],
    ['False NoNodeAddress', status(2, [aPod(), lost])],
    ['False Deleting', status(1, [aPod()], { deleted: true })],
    ['False CredentialsMissing', status(1, [aPod()], { problems: ['Secret x is not there'] })],
    ['False Forbidden', status(1, [aPod()], { refusal: { reason: 'Forbidden', message: 'quota' } })],
  ])('is %s', (expected, of) => {
    expect(condition('Ready', of)).toBe(expected);
  });

  test('names the pod that most needs a person', () => {
    const pending = aNewPod({ name: 'c', isReady: false });
    const { conditions } = status(3, [aPod(), pending, crashed]);
    expect(conditions?.[0]?.message).toBe('b: port in use; c: The pod is not ready');
  });
});

describe('the other conditions', () => {
  test.each([
    ['Available', 'False BelowMinimum', status(1, [crashed])],
    ['Available', 'True MinimumPublished', status(2, [aPod(), crashed])],
    ['EndpointsPublished', 'False ContainerCrashed', status(2, [aPod(), crashed])],
    ['AddressesResolved', 'Unknown NoNodeYet', status(1, [])],
    ['AddressesResolved', 'True PrivateAddress', status(1, [aPod()])],
    ['AddressesResolved', 'True PublicAddress', status(1, [aPod({ node: inPublic })])],
    ['AddressesResolved', 'False NoNodeAddress', status(2, [aPod(), lost])],
    ['Progressing', 'True SessionsActive', status(1, [aPod(), draining])],
    ['Progressing', 'True Starting', status(1, [])],
    ['Progressing', 'False Settled', status(1, [aPod()])],
    ['Progressing', 'True WaitingForSpare', status(1, [aPod({ revision: 'old' })])],
  ])('%s is %s', (type, expected, of) => {
    expect(condition(type, of)).toBe(expected);
  });
});

describe('the status', () => {
  test('counts', () => {
    expect(status(1, [aPod({ facts: silence }), draining])).toMatchObject({
      desiredPods: 1,
      replicas: 2,
      publishedPods: 1,
      drainingPods: 1,
      updatedPods: 2,
      selector: 'rtc.progressnet.gr/cluster=calls,rtc.progressnet.gr/role=sfu',
      sessions: { current: 3, stalePods: 1 },
    });
  });

  test('lists members without live counters', () => {
    const [first] = status(1, [aPod({ facts: facts({ sessions: 7 }) })]).members ?? [];
    expect(first).toEqual({
      name: 'a',
      node: 'n1',
      address: '10.99.0.11',
      revision: 'current',
      state: 'Published',
      since: time,
    });
  });

  test('tells the zone of a member whose node has one', () => {
    const node = aNode({ zone: 'b' });
    expect(status(1, [aPod({ node })]).members?.[0]).toMatchObject({ node: 'n1', zone: 'b' });
  });

  test('lists 256 members at most, and says so', () => {
    const many = Array.from({ length: 257 }, (_, index) => aPod({ name: `p${index}` }));
    const { members, membersTruncated } = status(257, many);
    expect([members?.length, membersTruncated]).toEqual([256, true]);
  });
});

describe('the time of a condition', () => {
  const verdict: Verdict = { type: 'Ready', status: 'True', reason: 'New', message: 'new' };
  const last = (change: Partial<Condition>): Condition[] => [
    { ...verdict, lastTransitionTime: 'then', reason: 'Old', ...change },
  ];
  const now = { observedGeneration: 2, time: 'now' };

  test.each([
    ['stays with the status, although the reason changes', last({}), 'then'],
    ['changes with the status', last({ status: 'False' }), 'now'],
    ['begins with the condition', [], 'now'],
  ])('%s', (_, conditions, expected) => {
    expect(conditionsOf([verdict], conditions, now)[0]).toEqual({
      ...verdict,
      observedGeneration: 2,
      lastTransitionTime: expected,
    });
  });
});

test('a spec that cannot be read leaves the rest of the status as it was', () => {
  const was = { publishedPods: 2 };
  expect(invalidStatus(was, { generation: 3, message: 'spec.x: wrong', time })).toMatchObject({
    publishedPods: 2,
    conditions: [{ type: 'Ready', status: 'False', reason: 'InvalidSpec', message: 'spec.x: wrong' }],
  });
});

test('a cluster of stock rtcds says what it must do without, and one of our own has nothing to say', () => {
  const limited = (engine: object): string | undefined => {
    const cluster = aCluster({ engine });
    const decision = decideFleet({ cluster, pods: [], revision: 'current', nowMs });
    const told = { revision: 'current', credentialProblems: [], operatorsImage: 'localhost/rtc-sfu:test' };
    const { conditions } = aStatus({ cluster, decision, ...told });
    return conditions?.find(({ type }) => type === 'EngineLimited')?.message;
  };
  expect(limited({})).toBeUndefined();
  const message = limited({ type: 'Rtcd', image: 'mattermost/rtcd:v1.2.6' });
  expect(message).toMatch(/withdrawal from DNS alone/);
  expect(message).toMatch(/loadPercent prices each at the same 3 millicores, cpuPercent.* have no effect/);
});
