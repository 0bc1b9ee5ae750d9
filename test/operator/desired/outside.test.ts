import { describe, expect, test } from '@jest/globals';
import { externalNameResolves } from '../../../operator/desired/conditions/outside.ts';
import type { ConditionInput } from '../../../operator/desired/conditions/verdict.ts';
import { podTarget, serviceAnnotations } from '../../../operator/desired/outside.ts';
import { apiNames, serviceUrl } from '../../../operator/desired/services.ts';
import { decideFleet } from '../../../operator/fleet/decide.ts';
import { namedUntil } from '../../../operator/reconcile/outsideName.ts';
import { aNode, aPod, before, facts, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const hostname = 'rtc.example.com';
const outside = (change: object = {}, spec: object = {}): ReturnType<typeof aCluster> =>
  aCluster({ replicas: 1, discovery: { external: { hostname, ...change } }, ...spec });

describe('a name outside the cluster', () => {
  test('is what Mattermost connects to and the certificate is for, alone', () => {
    expect(serviceUrl(outside(), 'cluster.local')).toBe('http://rtc.example.com:8443');
    expect(apiNames(outside(), 'cluster.local')).toEqual([hostname]);
  });

  test('is given to external-dns, with the public address of each pod', () => {
    expect(serviceAnnotations(outside({ ttlSeconds: 20 })).annotations).toEqual({
      'external-dns.alpha.kubernetes.io/hostname': hostname,
      'external-dns.alpha.kubernetes.io/ttl': '20',
    });
    expect(podTarget(outside(), '203.0.113.7:9045,10.0.0.1')).toBe('203.0.113.7');
  });

  test.each([
    ['by a person', outside({ publisher: 'Manual' })],
    ['to internal addresses, as external-dns does by itself', outside({ addresses: 'NodeInternalIP' })],
    ['for nobody', aCluster()],
  ])('needs no mark on pods when it is kept %s', (_, cluster) => {
    expect(podTarget(cluster, '203.0.113.7')).toBeNull();
  });

  test('leaves alone what a person says about all pods', () => {
    const annotations = { 'external-dns.alpha.kubernetes.io/target': '203.0.113.99' };
    expect(podTarget(outside({}, { podMetadata: { annotations } }), '203.0.113.7')).toBeUndefined();
  });
});

describe('ExternalNameResolves', () => {
  const addresses = [
    { type: 'InternalIP', address: '10.99.0.11' },
    { type: 'ExternalIP', address: '203.0.113.7' },
  ];
  const pods = [aPod({ node: aNode({ addresses }), marks: { address: '203.0.113.7,10.99.0.11' } })];
  const input = (name: ConditionInput['name'], change: object = {}, some = pods): ConditionInput => {
    const cluster = outside(change);
    const decision = decideFleet({ cluster, pods: some, revision: 'current', nowMs });
    return {
      ...{ cluster, decision, revision: 'current', operatorsImage: 'image', credentialProblems: [] },
      ...(name && { name }),
    };
  };
  const said = (...of: Parameters<typeof input>): string => {
    const [{ status, reason, message } = { status: '', reason: '', message: '' }] = externalNameResolves(
      input(...of),
    );
    return `${status} ${reason}: ${message}`;
  };
  const named = (...addresses: string[]): NonNullable<ConditionInput['name']> => ({ hostname, addresses });

  test('is not there without such a name', () => {
    expect(externalNameResolves({ ...input(undefined), cluster: aCluster() })).toEqual([]);
  });

  test.each([
    ['Unknown Asking', said(undefined)],
    ['Unknown Asking', said({ ...named(), hostname: 'before.example.com' })],
    ['Unknown NothingPublished', said(named(), {}, [])],
    ['False NameNotResolved', said({ ...named(), problem: 'ENOTFOUND' })],
    ['False RecordsMissing', said(named('203.0.113.8'))],
    ['False RecordsStale', said(named('203.0.113.7', '203.0.113.8'))],
    ['True RecordsMatch', said(named('203.0.113.7'))],
    ['True RecordsMatch', said(named('10.99.0.11'), { addresses: 'NodeInternalIP' })],
  ])('is %s', (expected, text) => {
    expect(text).toMatch(new RegExp(`^${expected}:`));
  });

  test('names what keeps the records: external-dns, or the person who reads it', () => {
    expect(said({ ...named(), problem: 'ENOTFOUND' })).toContain('it must run with --source=service');
    expect(said(named(), { publisher: 'Manual' })).toContain('set its A records to 203.0.113.7');
  });
});

describe('a pod that the name led to', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', annotations: { 'rtc.progressnet.gr/address': '203.0.113.7,10.99.0.11' } },
    status: { podIP: '10.99.0.11' },
  };
  const until = (addresses: readonly string[], namedAtMs: Record<string, number>): number | undefined =>
    namedUntil(outside(), object, { facts: { hostname, addresses, namedAtMs }, nowMs }).namedUntilMs;

  test('is led to as long as it is named, and until that is forgotten', () => {
    expect(until(['203.0.113.7'], { '203.0.113.7': nowMs })).toBe(nowMs + 45_000);
    expect(until([], { '203.0.113.7': before(20_000) })).toBe(nowMs + 25_000);
    expect(until([], {})).toBeUndefined();
  });

  test('is not deleted before', () => {
    const drained = (namedUntilMs: number) => {
      const marks = { isPublished: false, drain: { reason: 'ScaleDown' as const, startedMs: before(1e6) } };
      const pod = aPod({
        name: 'b',
        namedUntilMs,
        marks,
        node: aNode({ name: 'n2' }),
        nodeName: 'n2',
        facts: facts(),
      });
      return decideFleet({ cluster: outside(), pods: [aPod(), pod], revision: 'current', nowMs });
    };
    const waits = drained(nowMs + 1_000);
    expect(waits.members.find(({ pod }) => pod.name === 'b')).toMatchObject({ reason: 'StillNamed' });
    expect([waits.deletions, waits.recheckMs]).toEqual([[], nowMs + 1_000]);
    expect(drained(before(20_000)).deletions.map(({ pod }) => pod.name)).toEqual(['b']);
  });
});
