/** What the operator asks of the API server and of memory, with one RTCCluster and with a thousand; the bundle of its image, and no nodes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { valuesSchema } from '../../charts/values.ts';
import type { RtcClusterStatus } from '../../operator/api/rtccluster.ts';
import { createKubeClient, type KubeClient } from '../../operator/kube/client.ts';
import * as resources from '../../operator/kube/resources.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { startProxy, type ApiProxy } from '../cluster/proxy.ts';
import { isWrite } from '../cluster/apiCall.ts';
import { eventually } from '../support/eventually.ts';
import { keepFigures } from '../support/keepFigures.ts';
import { differences } from '../scenarios/light/differences.ts';
import { buildOperator, type OperatorProcess, type OperatorProgram } from '../support/operatorProgram.ts';

const crd = join(import.meta.dirname, '../../crds/rtcclusters.rtc.progressnet.gr.yaml');
const namespace = 'costs';
const many = 1_000;
/** What the chart lets the operator have. */
const limits = valuesSchema.parse({}).resources['limits'] as { readonly memory: string };
const memoryLimitMiB = Number(/^(\d+)Mi$/.exec(limits.memory)?.[1]);
/** Longer than a watch may be silent before it counts as dead: the API server says something once a minute. */
const idleMs = 100_000;
const patience = { timeoutMs: 600_000, intervalMs: 500 };

let cluster: Cluster;
let proxy: ApiProxy;
let user: KubeClient;
let program: OperatorProgram;
let operator: OperatorProcess | undefined;
const figures: Record<string, number> = {};

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  proxy = await startProxy(cluster);
  user = createKubeClient({ kubeconfig: proxy.kubeconfig });
  program = await buildOperator();
  await cluster.kubectl('apply', '-f', crd);
  await cluster.kubectl('create', 'namespace', namespace);
  await eventually(() => cluster.kubectl('get', 'rtcclusters').then(() => undefined));
  await eventually(() =>
    cluster.kubectl('get', '-n', namespace, 'serviceaccount', 'default').then(() => undefined),
  );
  start();
  await untilQuiet(2_000);
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await program.remove();
  await user.close();
  await proxy.close();
  await cluster.stop();
}, 60_000);

function start(): void {
  const settings = { 'sfu-image': 'sfu:1.2.6', 'watch-namespaces': namespace, 'leader-election': 'false' };
  operator = program.start({
    ...{ kubeconfig: proxy.kubeconfig, memoryLimitMiB },
    settings: { ...settings, 'log-level': 'info' },
  });
}

async function create(index: number): Promise<void> {
  await user.api().create(resources.rtcclusters, {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { namespace, name: `calls-${index}` },
    spec: { replicas: 1 },
  });
}

/** Requests from the one that made a cluster to the one that made its first pod, and how long that took. */
async function wayToFirstPod(index: number): Promise<{ readonly requests: number; readonly ms: number }> {
  proxy.forget();
  await create(index);
  await eventually(() => (podIsAsked() ? undefined : 'the first pod'), { timeoutMs: 60_000, intervalMs: 10 });
  const calls = proxy.calls();
  const from = calls.findIndex(({ verb, resource }) => `${verb} ${resource}` === 'create rtcclusters');
  const to = calls.findIndex(isPodCreated);
  return { requests: to - from, ms: calls[to]!.atMs - calls[from]!.atMs };
}

const isPodCreated = ({ verb, resource }: { readonly verb: string; readonly resource: string }): boolean =>
  `${verb} ${resource}` === 'create pods' || `${verb} ${resource}` === 'patch pods';

function podIsAsked(): boolean {
  return proxy.calls().some(isPodCreated);
}

/** Until nobody has asked for anything for a while. */
async function untilQuiet(quietMs = 5_000): Promise<void> {
  await eventually(() => {
    const last = proxy.calls().findLast(({ verb }) => verb !== 'watch');
    const silentMs = performance.now() - (last?.atMs ?? performance.now());
    return silentMs > quietMs ? undefined : `${last?.verb ?? ''} ${last?.resource ?? ''} ${last?.name ?? ''}`;
  }, patience);
}

async function reconciles(): Promise<number> {
  const port = await operator!.metricsPort;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line.startsWith('rtc_operator_reconcile_total'));
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${operator!.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}

type Status = Partial<RtcClusterStatus>;

/** The status of each cluster by its name, with the generation that it is to be about. */
async function statuses(): Promise<Record<string, { readonly status: Status; readonly generation: number }>> {
  const { items } = await user.api().list(resources.rtcclusters, { namespace, limit: 2 * many });
  return Object.fromEntries(
    items.map(({ metadata: { name, generation = 0 }, ...fields }) => [
      name,
      { status: fields['status'] ?? {}, generation },
    ]),
  );
}

async function unseenEdits(): Promise<number> {
  const all = Object.values(await statuses());
  return all.filter(({ status, generation }) => status.observedGeneration !== generation).length;
}

/** Numbers in a status wait for up to ten seconds after the last ones. */
const settledMs = 15_000;

async function untilSettled(): Promise<void> {
  await untilQuiet();
  await eventually(async () => {
    const left = await unseenEdits();
    return left === 0 ? undefined : `${left} are not seen`;
  }, patience);
  await untilQuiet(settledMs);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test('the first pod of a cluster is asked for after the few objects that it mounts', async () => {
  const ways = [];
  for (let index = 0; index < 5; index += 1) {
    ways.push(await wayToFirstPod(index));
    await untilQuiet(1_000);
  }
  const requests = ways.map((way) => way.requests);
  expect(Math.max(...requests)).toBeLessThanOrEqual(20);
  figures['firstPodRequests'] = median(requests);
  figures['firstPodMs'] = Math.round(median(ways.map(({ ms }) => ms)));
  figures['rssMiBWithFiveClusters'] = await residentMiB();
}, 120_000);

test('an edit is seen although nothing happened for longer than a watch may be silent', async () => {
  await untilQuiet(idleMs);
  proxy.forget();
  await user
    .api()
    .mergePatch(
      resources.rtcclusters,
      { namespace, name: 'calls-0' },
      { spec: { update: { progressDeadlineSeconds: 901 } } },
    );
  await eventually(async () => ((await unseenEdits()) === 0 ? undefined : 'it is not seen'));
}, 300_000);

test('a thousand clusters that are settled are only read by an operator that starts', async () => {
  for (let index = 5; index < many; index += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, many - index) }, (_, offset) => create(index + offset)),
    );
  await untilSettled();
  const settled = await statuses();
  figures['rssMiBAfterAThousandWereMade'] = await residentMiB();
  await operator!.stop();
  proxy.forget();
  const startedMs = performance.now();
  start();
  await eventually(async () => {
    const count = await reconciles();
    return count >= many ? undefined : `${count} of ${many} were reconciled`;
  }, patience);
  const { length: requests } = proxy.calls();
  figures['startSeconds'] = Math.round((performance.now() - startedMs) / 100) / 10;
  await untilQuiet();
  expect(differences(settled, await statuses())).toEqual([]);
  expect(proxy.calls().filter(isWrite)).toEqual([]);
  Object.assign(figures, { clusters: many, startRequests: requests, startWrites: 0 });
  figures['rssMiBAfterStartWithAThousand'] = await residentMiB();
  expect(await residentMiB()).toBeLessThan(memoryLimitMiB);
}, 1_200_000);

test('with a thousand clusters the first pod of one more takes no more requests', async () => {
  const { requests, ms } = await wayToFirstPod(many);
  expect(requests).toBeLessThanOrEqual(figures['firstPodRequests']! + 2);
  figures['firstPodMsWithAThousand'] = Math.round(ms);
  await keepFigures('operator-costs', figures, 'long -- test/operator/costs');
}, 120_000);
