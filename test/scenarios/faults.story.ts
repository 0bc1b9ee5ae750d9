/**
 * What goes wrong on a real cluster, one after the other on the same one: each
 * fault ends in a condition that says so, and recovers by itself when its cause goes.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RtcClusterStatus } from '../../operator/api/rtccluster.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { webServer } from '../cluster/pods.ts';
import { buildImages, type Images } from '../setup/images.ts';
import { eventually } from '../support/eventually.ts';
import { installOperator, releaseNamespace } from '../support/release.ts';

const sample = join(import.meta.dirname, '../../crds/samples/rtccluster.yaml');
const waiting = { timeoutMs: 90_000, intervalMs: 300 };
let cluster: Cluster;
let images: Images;

beforeAll(async () => {
  images = await buildImages({ say: () => undefined });
  cluster = await startCluster({
    nodes: 2,
    failover: 'quick',
    images: [images.operator.tar, images.sfu.tar],
  });
  await installOperator(cluster, { operator: images.operator.ref, sfu: images.sfu.ref }, 3);
  await cluster.kubectl('apply', '-f', sample);
  // Nobody resolves the name here, so nobody has to notice that a pod has left it; and no rollout heals what was broken.
  await patch({
    drain: { propagationSeconds: 1, sessionlessSeconds: 1 },
    update: { strategy: 'OnDelete' },
  });
  await untilReady();
}, 300_000);
afterAll(() => cluster.stop(), 60_000);

async function status(): Promise<Partial<RtcClusterStatus>> {
  const text = await cluster.kubectl('get', 'rtccluster', 'calls', '-o', 'json');
  return (JSON.parse(text) as { readonly status?: RtcClusterStatus }).status ?? {};
}

/** Waits until a condition has this status, reason and message, written `True Reason: message`. */
async function untilCondition(type: string, expected: RegExp): Promise<void> {
  await eventually(async () => {
    const found = (await status()).conditions?.find((condition) => condition.type === type);
    const text = found === undefined ? 'nothing' : `${found.status} ${found.reason}: ${found.message}`;
    return expected.test(text) ? undefined : `${type} is ${text}`;
  }, waiting);
}

/** Ready, and about the spec as it is now. */
async function untilReady(): Promise<void> {
  await eventually(async () => {
    const text = await cluster.kubectl('get', 'rtccluster', 'calls', '-o', 'json');
    const { metadata, status: now } = JSON.parse(text) as {
      metadata: { generation: number };
      status?: RtcClusterStatus;
    };
    const ready = now?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True' && ready.observedGeneration === metadata.generation) return undefined;
    return `Ready is ${ready?.status ?? 'absent'}: ${ready?.message ?? ''}`;
  }, waiting);
}

async function patch(spec: Readonly<Record<string, unknown>>): Promise<void> {
  await cluster.kubectl('patch', 'rtccluster', 'calls', '--type=merge', '-p', JSON.stringify({ spec }));
}

async function sfuPods(): Promise<Map<string, string>> {
  const path = 'jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}';
  const text = await cluster.kubectl('get', 'pods', '-l', 'rtc.progressnet.gr/role=sfu', '-o', path);
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('=') as [string, string]),
  );
}

/** The addresses in DNS, by the endpoints that are ready. */
async function published(): Promise<string[]> {
  const path = 'jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.addresses[0]} {end}';
  const text = await cluster.kubectl(
    'get',
    'endpointslices',
    '-l',
    'kubernetes.io/service-name=calls-rtcd',
    '-o',
    path,
  );
  return text
    .trim()
    .split(/\s+/)
    .filter((address) => address !== '')
    .sort();
}

/** After a scale-down to 1. */
async function untilDrained(): Promise<void> {
  await eventually(
    async () => ((await sfuPods()).size === 1 ? undefined : 'the drained pod is still there'),
    waiting,
  );
}

async function untilPublished(count: number): Promise<void> {
  await eventually(async () => {
    const addresses = await published();
    return addresses.length === count ? undefined : `in DNS: ${addresses.join(', ')}`;
  }, waiting);
}

test('a killed operator costs nothing: its successor goes on, and no SFU pod is touched', async () => {
  const before = await sfuPods();
  const place = ['-n', releaseNamespace];
  await cluster.kubectl(
    'delete',
    'pod',
    ...place,
    '-l',
    'app.kubernetes.io/name=rtc-operator',
    '--grace-period=0',
    '--force',
  );
  await patch({ podMetadata: { labels: { after: 'operator' } } });
  await untilCondition('Progressing', /^False OnDelete: 0 of 2 pods are of revision/);
  expect(await sfuPods()).toEqual(before);
  await patch({ podMetadata: { labels: null } });
  await untilCondition('Progressing', /^False Settled/);
  expect(await sfuPods()).toEqual(before);
}, 120_000);

test('a killed SFU pod leaves DNS and is replaced', async () => {
  const before = await sfuPods();
  const [name = ''] = before.keys();
  await cluster.kubectl('delete', 'pod', name, '--grace-period=0', '--force');
  await eventually(async () => {
    const after = await sfuPods();
    return after.size === 2 && ![...after.values()].includes(before.get(name) ?? '')
      ? undefined
      : `pods: ${[...after.keys()].join(', ')}`;
  }, waiting);
  await untilReady();
  await untilPublished(2);
}, 120_000);

test('an image that cannot be had is named in a condition, the published pods stay, and the right image heals it', async () => {
  const before = await sfuPods();
  await patch({ engine: { image: 'localhost/no-such-image:1' }, replicas: 1 });
  await untilDrained();
  await patch({ replicas: 2 });
  await untilCondition('Ready', /^False ImageUnavailable: .*localhost\/no-such-image:1.*check engine.image/);
  expect(await published()).toHaveLength(1);
  await patch({ engine: { image: images.sfu.ref } });
  await untilReady();
  await untilPublished(2);
  expect([...(await sfuPods()).values()].filter((uid) => [...before.values()].includes(uid))).toHaveLength(1);
}, 240_000);

test('a port that somebody else holds is named in a condition, and the pod starts when it is free', async () => {
  await patch({ replicas: 1 });
  await untilDrained();
  const free = await freeNode();
  const squatter = webServer('squatter', { node: free, port: 8045 });
  await cluster.kubectlWithInput(JSON.stringify(squatter), 'apply', '-f', '-');
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/squatter', '--timeout=60s');
  await patch({ replicas: 2 });
  await untilCondition(
    'Ready',
    /^False ContainerCrashed: .*cannot listen for media on (udp|tcp) .*:8045: address already in use; stop what uses it/,
  );
  await cluster.kubectl('delete', 'pod', 'squatter', '--grace-period=0', '--force');
  await untilReady();
  await untilPublished(2);
}, 240_000);

test('a node without an address of the kind that is asked for is named, and its pod is published once another kind is allowed', async () => {
  await patch({ replicas: 1 });
  await untilDrained();
  await patch({
    replicas: 2,
    network: { address: { sources: [{ type: 'NodeExternalIP' }], advertise: 'External' } },
  });
  await untilCondition(
    'AddressesResolved',
    /^False NoNodeAddress: Node n\d has no IPv4 address of NodeExternalIP: give it one, or change network.address.sources/,
  );
  await patch({ network: { address: { sources: [{ type: 'NodeInternalIP' }], advertise: 'Internal' } } });
  await untilReady();
  await untilPublished(2);
}, 180_000);

async function freeNode(): Promise<string> {
  const path = 'jsonpath={.items[*].spec.nodeName}';
  const taken = await cluster.kubectl('get', 'pods', '-l', 'rtc.progressnet.gr/role=sfu', '-o', path);
  return cluster.nodes.find(({ name }) => name !== taken.trim())?.name ?? '';
}
