/** The end of a namespace with a call in it, on a real API server and its controllers; nodes, kubelets and SFUs are faked. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import * as resources from '../../../operator/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { liveCluster } from '../../support/liveCluster.ts';
import { startOperator } from '../../support/operator.ts';
import { type KubeStage, stagePort, startKubeStage } from '../../support/kubeStage.ts';

const chart = join(import.meta.dirname, '../../../charts/rtc-operator');
const waiting = { timeoutMs: 60_000, intervalMs: 200 };
let stage: KubeStage;

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 2, installsCrd: false });
}, 120_000);
afterAll(() => stage.close(), 30_000);

test('a namespace goes at the deadline of its calls, also when the operator and its rights go first, and in a pause', async () => {
  const namespace = 'leaving';
  const seconds = 8;
  await stage.cluster.helm(
    4,
    'install',
    'rtc-operator',
    chart,
    '--create-namespace',
    '--namespace',
    namespace,
    '--set',
    `watchNamespaces={${namespace}}`,
  );
  const token = (await stage.cluster.kubectl('create', 'token', '-n', namespace, 'rtc-operator')).trim();
  const operator = startOperator(stage.proxy.kubeconfigWithToken(token), { 'watch-namespaces': namespace });
  const drain = {
    ...{ propagationSeconds: 0, sessionlessSeconds: 0, timeoutSeconds: 3600 },
    overrides: [{ reason: 'Deletion', policy: 'ForceAfter', timeoutSeconds: seconds }],
  };
  const calls = liveCluster(stage.kube, namespace, { drain, network: { apiPort: stagePort } });
  await calls.apply({ replicas: 1 });
  await calls.untilCondition('Ready', /^True/);
  for (const { sfu } of stage.fakes.nodes) sfu.sessions = 1;
  await eventually(async () => ((await calls.status()).sessions?.current === 1 ? undefined : 'not seen yet'));

  const pause = 'rtc.progressnet.gr/paused=looking into it';
  await stage.cluster.kubectl('annotate', '-n', namespace, 'rtccluster', 'calls', pause);
  await calls.untilCondition('ReconciliationPaused', /^True/);
  await stage.cluster.kubectl('delete', 'namespace', namespace, '--wait=false');
  const [pod] = await calls.untilPods(1);
  await eventually(async () => {
    const { metadata } = await stage.kube.get(resources.rtcclusters, { namespace, name: 'calls' });
    return metadata.finalizers === undefined ? undefined : 'it is held still';
  }, waiting);
  await operator.stop();
  const ending = await stage.kube.get(resources.pods, { namespace, name: pod!.metadata.name });
  const leftMs = Date.parse(ending.metadata.deletionTimestamp ?? '') - Date.now();
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(seconds * 1000);
  await calls.untilPods(0);
  // The namespace controller looks again at each change, else every five minutes.
  await stage.cluster.kubectl('annotate', 'namespace', namespace, 'look=again');
  await eventually(async () => {
    const phase = await stage.cluster.kubectl(
      'get',
      'namespace',
      namespace,
      '--ignore-not-found',
      '-o',
      'name',
    );
    return phase === '' ? undefined : 'the namespace is still there';
  }, waiting);
}, 120_000);
