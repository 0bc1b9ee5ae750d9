/** helm test on a real node with a real call, and helm uninstall before the RTCClusters are deleted: nobody has to wait for an operator that is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { buildImages } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import { eventually } from '../support/eventually.ts';
import { installOperator, releaseNamespace, uninstallOperator } from '../support/release.ts';

let cluster: Cluster;

beforeAll(async () => {
  const say = startProgress();
  const built = await buildImages({ say });
  cluster = await startCluster({ nodes: 1, images: [built.operator.tar, built.sfu.tar], say });
  await installOperator(cluster, { operator: built.operator.ref, sfu: built.sfu.ref });
}, 300_000);
afterAll(() => cluster.stop(), 60_000);

const waiting = { timeoutMs: 90_000, intervalMs: 500 };

/** What the pod found; one that passed is gone when Helm 4 has told it. */
const helmTest = (): Promise<string> =>
  cluster.helm(4, 'test', 'rtc-operator', '--namespace', releaseNamespace, '--logs', '--timeout', '120s');
const testPods = (): Promise<string> =>
  cluster.kubectl('get', 'pods', '-n', releaseNamespace, '--selector', selector, '-o', 'name');
const selector = 'app.kubernetes.io/name=rtc-operator-test';

test('helm test passes and says so while there is no RTCCluster, and leaves no pod', async () => {
  expect(await helmTest()).toContain('There is no RTCCluster yet, so there was nothing to call');
  expect(await testPods()).toBe('');
}, 120_000);

test('helm test places a call through its pod; the Job of the chart lets go of an RTCCluster whose pods go on, and which can be deleted', async () => {
  const manifest = {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', metadata: { name: 'calls' } },
    spec: { replicas: 1 },
  };
  await cluster.kubectlWithInput(JSON.stringify(manifest), 'apply', '-f', '-');
  const published = ['get', 'pods', '--selector', 'rtc.progressnet.gr/published=true', '-o', 'name'];
  await eventually(
    async () => ((await cluster.kubectl(...published)) === '' ? 'not published' : undefined),
    waiting,
  );
  const told = await helmTest();
  expect(told).toMatch(
    /ok default\/calls: pod calls-sfu-\S+ at \S+, called by itself: .* \(joined in \d+ ms, 0 % lost\)/,
  );
  expect(told).toContain('1 RTCCluster tried: all is well.');
  await uninstallOperator(cluster);
  expect(await testPods()).toBe('');
  expect(await cluster.kubectl('get', 'rtc', 'calls', '-o', 'jsonpath={.metadata.finalizers}')).toBe('');
  expect(await cluster.kubectl(...published)).not.toBe('');
  await cluster.kubectl('delete', 'rtc', 'calls', '--timeout=30s');
  await eventually(
    async () => ((await cluster.kubectl(...published)) === '' ? undefined : 'the pod is still there'),
    waiting,
  );
}, 300_000);
