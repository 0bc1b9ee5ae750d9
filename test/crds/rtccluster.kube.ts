import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { specSchema } from '../../operator/api/rtcclusterSpec.ts';
import { drainRules, overrideRules } from '../../operator/api/spec/drain.ts';
import { objectRules, specRules } from '../../operator/api/rules.ts';
import { engineRules } from '../../operator/api/spec/engine.ts';
import { apiTlsRules } from '../../operator/api/spec/tls.ts';
import { discoveryRules } from '../../operator/api/spec/discovery.ts';
import { networkRules } from '../../operator/api/spec/network.ts';
import { sourceRules } from '../../operator/api/spec/address.ts';
import { updateRules } from '../../operator/api/spec/update.ts';
import { scalingRules } from '../../operator/api/spec/scaling/rules.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { eventually } from '../support/eventually.ts';

const root = join(import.meta.dirname, '../..');
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  await cluster.kubectl('apply', '-f', join(root, 'crds/rtcclusters.rtc.progressnet.gr.yaml'));
  await eventually(() => cluster.kubectl('get', 'rtcclusters').then(() => undefined));
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

type Spec = Readonly<Record<string, unknown>>;

function manifest(spec: Spec, name = 'calls'): string {
  return JSON.stringify({
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { name },
    spec: { replicas: 2, ...spec },
  });
}

const apply = (spec: Spec, name?: string): Promise<string> =>
  cluster.kubectlWithInput(manifest(spec, name), 'apply', '-f', '-');

describe('the API server', () => {
  test('takes the sample, and fills in the same defaults as the operator', async () => {
    await cluster.kubectl('apply', '-f', join(root, 'crds/samples/rtccluster.yaml'));
    const stored = await cluster.kubectl('get', 'rtccluster', 'calls', '-o', 'jsonpath={.spec}');
    expect(JSON.parse(stored)).toEqual(specSchema.parse({ replicas: 2 }));
  });

  test('fills in what is left out of an object that is there in part', async () => {
    const part = { network: { media: { udpPort: 9045 } }, auth: { clients: [{ name: 'one' }] } };
    await apply(part, 'part');
    const stored = await cluster.kubectl('get', 'rtccluster', 'part', '-o', 'jsonpath={.spec}');
    expect(JSON.parse(stored)).toEqual(specSchema.parse({ replicas: 2, ...part }));
  });

  test('scales through the scale subresource', async () => {
    await apply({}, 'scaled');
    await cluster.kubectl('scale', 'rtccluster', 'scaled', '--replicas=3');
    const replicas = await cluster.kubectl('get', 'rtccluster', 'scaled', '-o', 'jsonpath={.spec.replicas}');
    expect(replicas).toBe('3');
  });

  test('fills in how a cluster scales that only says Auto', async () => {
    await cluster.kubectl('apply', '--dry-run=server', '-f', join(root, 'crds/samples/rtccluster-auto.yaml'));
    await apply({ replicas: undefined, scaling: { mode: 'Auto' } }, 'auto');
    const stored = await cluster.kubectl('get', 'rtccluster', 'auto', '-o', 'jsonpath={.spec}');
    expect(JSON.parse(stored)).toEqual(specSchema.parse({ scaling: { mode: 'Auto' } }));
  });

  test('refuses kubectl scale of a cluster that scales itself, with the reason', async () => {
    await apply({ replicas: undefined, scaling: { mode: 'Auto' } }, 'itself');
    await expect(cluster.kubectl('scale', 'rtccluster', 'itself', '--replicas=3')).rejects.toThrow(
      'scaling.mode Auto decides the number of SFU pods itself',
    );
  });

  test('knows the short name and the columns', async () => {
    const [header] = (await cluster.kubectl('get', 'rtc')).split('\n');
    expect(header?.split(/\s+/).filter(Boolean)).toEqual([
      'NAME',
      'PUBLISHED',
      'DESIRED',
      'DRAINING',
      'SESSIONS',
      'READY',
      'REASON',
      'AGE',
    ]);
  });

  test('explains the fields', async () => {
    const text = await cluster.kubectl('explain', 'rtcclusters.spec.drain');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('What a drain does with calls that do not end.');
  });
});

const auto = (scaling: object, others: object = {}): Spec => ({
  replicas: undefined,
  scaling: { mode: 'Auto', ...scaling },
  ...others,
});
const office = {
  ...{ name: 'office', cron: '0 8 * * 1-5', timeZone: 'Europe/Zurich' },
  ...{ durationSeconds: 36_000, minPods: 6 },
};
const townHall = {
  name: 'town-hall',
  start: '2027-01-12T14:00:00Z',
  end: '2027-01-12T16:00:00Z',
  sessions: 1200,
};

/** One refused manifest for each rule. */
const refused: readonly { readonly why: string; readonly spec: Spec; readonly name?: string }[] = [
  { why: 'update.maxSurge needs', spec: { update: { maxSurge: 1 } } },
  { why: 'update.maxUnavailable and update.maxSurge', spec: { update: { maxUnavailable: 0 } } },
  { why: 'metadata.name becomes part', spec: {}, name: 'calls.example.com' },
  { why: 'network.apiPort must differ', spec: { network: { apiPort: 8045 } } },
  { why: 'network.apiPort cannot be changed', spec: { network: { apiPort: 9443 } } },
  { why: 'discovery.serviceName cannot be changed', spec: { discovery: { serviceName: 'other' } } },
  { why: 'scaling.mode Manual and External need replicas', spec: { replicas: undefined } },
  { why: 'scaling.mode Auto decides', spec: { scaling: { mode: 'Auto' } } },
  {
    why: 'scaling.minPods must not be below discovery.minPublished',
    spec: auto({ minPods: 1 }, { discovery: { minPublished: 2 } }),
  },
  { why: 'scaling.minPods must not be above', spec: auto({ minPods: 3, maxPods: 2 }) },
  {
    why: 'scaling.schedules and scaling.reservations need',
    spec: { scaling: { mode: 'External', schedules: [office] } },
  },
  {
    why: 'scaling.schedules and scaling.reservations are at most',
    spec: auto({
      target: { sessionsPerPod: 200 },
      schedules: Array.from({ length: 64 }, (_, index) => ({ ...office, name: `office-${index}` })),
      reservations: [townHall],
    }),
  },
  { why: 'scaling.schedules.minPods must not be above', spec: auto({ maxPods: 5, schedules: [office] }) },
  {
    why: 'scaling.schedules.timeZone must be',
    spec: auto({ schedules: [{ ...office, timeZone: 'Local' }] }),
  },
  {
    why: 'scaling.reservations.end must be',
    spec: auto({
      target: { sessionsPerPod: 200 },
      reservations: [{ ...townHall, end: '2026-01-12T16:00:00Z' }],
    }),
  },
  { why: 'scaling.headroom.sessions, scaling', spec: auto({ headroom: { sessions: 100 } }) },
  {
    why: 'scaling.headroom.largestCallSessions must not be above',
    spec: auto({ target: { sessionsPerPod: 200 }, headroom: { largestCallSessions: 201 } }),
  },
  { why: 'scaling.target needs at least one entry', spec: auto({ target: {} }), name: 'aimless' },
  { why: 'replicas must not be below discovery.minPublished', spec: { replicas: 0 } },
  {
    why: 'engine.workers needs one media port each',
    spec: { engine: { workers: 2 }, network: { media: { udpPort: 49151 } } },
  },
  { why: 'engine.type Rtcd needs engine.image', spec: { engine: { type: 'Rtcd' } } },
  { why: 'engine.type Rtcd is one process', spec: { engine: { type: 'Rtcd', image: 'rtcd', workers: 2 } } },
  { why: 'tls.api.mode Secret needs', spec: { tls: { api: { mode: 'Secret' } } } },
  { why: 'tls.api.mode CertManager needs', spec: { tls: { api: { mode: 'CertManager' } } } },
  {
    why: 'tls.api.mode cannot be switched',
    spec: { tls: { api: { mode: 'Secret', secretName: 'own' } } },
  },
  { why: 'network.apiPort lies among', spec: { engine: { workers: 4 }, network: { apiPort: 8047 } } },
  { why: 'drain.timeoutSeconds must cover', spec: { drain: { timeoutSeconds: 30 } } },
  {
    why: 'drain.overrides with policy ForceAfter',
    spec: { drain: { overrides: [{ reason: 'Deletion', policy: 'ForceAfter' }] } },
  },
  {
    why: 'network.address.sources: type ConfigMap needs name',
    spec: { network: { address: { sources: [{ type: 'ConfigMap' }] } } },
  },
  {
    why: 'network.address.sources: type STUN needs urls',
    spec: { network: { address: { sources: [{ type: 'STUN' }] } } },
  },
  {
    why: 'network.address.sources: type NodeAnnotation needs key',
    spec: { network: { address: { sources: [{ type: 'NodeExternalIP', key: 'a' }] } } },
  },
];

describe('an RTCCluster that cannot work', () => {
  test.each(refused)('is refused with the fix: $why', async ({ why, spec, name }) => {
    const rule = rules.find(({ message }) => message.startsWith(why));
    await expect(apply(spec, name)).rejects.toThrow(rule?.message);
  });

  const rules = [
    ...sourceRules,
    ...objectRules,
    ...engineRules,
    ...networkRules,
    ...discoveryRules,
    ...drainRules,
    ...overrideRules,
    ...updateRules,
    ...scalingRules,
    ...apiTlsRules,
    ...specRules,
  ];
  test('has a test for every rule', () => {
    expect(
      refused
        .map(({ why }) => rules.findIndex(({ message }) => message.startsWith(why)))
        .toSorted((a, b) => a - b),
    ).toEqual(rules.map((_, index) => index));
  });

  test.each([
    {
      field: 'spec.network.apiPort',
      spec: { network: { apiPort: 22 } },
      limit: 'greater than or equal to 80',
    },
    { field: 'spec.engine.workers', spec: { engine: { workers: 0 } }, limit: 'greater than or equal to 1' },
    {
      field: 'spec.scaling.mode',
      spec: { scaling: { mode: 'Magic' } },
      limit: 'supported values: "Auto", "Manual", "External"',
    },
    {
      field: 'spec.scaling.schedules.timeZone',
      spec: auto({ schedules: [{ ...office, timeZone: 'Europe/Zurch' }] }),
      limit: 'unknown time zone Europe/Zurch',
    },
    {
      field: 'spec.engine.minimumVersion',
      spec: { engine: { minimumVersion: 'new' } },
      limit: 'should match',
    },
    {
      field: 'spec.resources.requests.cpu',
      spec: { resources: { requests: { cpu: 'lots' } } },
      limit: 'spec.resources.requests.cpu: Invalid value: "lots"',
    },
    { field: 'spec.nonsense', spec: { nonsense: true }, limit: 'unknown field "spec.nonsense"' },
    {
      field: 'spec.placement.assignment',
      spec: { placement: { assignment: 'Pack' } },
      limit: 'unknown field "spec.placement.assignment"',
    },
  ])('is refused by name: $field', async ({ spec, limit }) => {
    await expect(apply(spec)).rejects.toThrow(limit);
  });
});
