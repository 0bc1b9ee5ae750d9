/** helm uninstall on a real node, before the RTCClusters are deleted: nobody has to wait for an operator that is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { buildImages } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import { eventually } from '../support/eventually.ts';
import { installOperator, uninstallOperator } from '../support/release.ts';

let cluster: Cluster;

beforeAll(async () => {
  const say = startProgress();
  const built = await buildImages({ say });
  cluster = await startCluster({ nodes: 1, images: [built.operator.tar, built.sfu.tar], say });
  await installOperator(cluster, { operator: built.operator.ref, sfu: built.sfu.ref });
}, 300_000);
afterAll(() => cluster.stop(), 60_000);

const waiting = { timeoutMs: 90_000, intervalMs: 500 };

test('the Job of the chart lets go of an RTCCluster whose pods go on, and which can be deleted', async () => {
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
  await uninstallOperator(cluster);
  expect(await cluster.kubectl('get', 'rtc', 'calls', '-o', 'jsonpath={.metadata.finalizers}')).toBe('');
  expect(await cluster.kubectl(...published)).not.toBe('');
  await cluster.kubectl('delete', 'rtc', 'calls', '--timeout=30s');
  await eventually(
    async () => ((await cluster.kubectl(...published)) === '' ? undefined : 'the pod is still there'),
    waiting,
  );
}, 300_000);
