/** The end of a namespace with a call in it, on a real API server and its controllers; nodes, kubelets and SFUs are faked. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import * as resources from '../../../operator/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { liveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';
import { type KubeStage, stagePort, startKubeStage } from '../../support/kubeStage.ts';

const chart = join(import.meta.dirname, '../../../charts/rtc-operator');
/** The chart is installed in the first and watches both; the binding of the second goes to the third. */
const [leaving, losing, elsewhere] = ['leaving', 'losing', 'mattermost'];
const waiting = { timeoutMs: 60_000, intervalMs: 200 };
let stage: KubeStage;

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 2, installsCrd: false });
  for (const namespace of [losing, elsewhere]) await stage.createNamespace(namespace);
  const values = [`watchNamespaces={${leaving},${losing}}`, `bindingNamespaces={${elsewhere}}`];
  await stage.cluster.helm(
    ...([4, 'install', 'rtc-operator', chart, '--create-namespace', '--namespace', leaving] as const),
    ...values.flatMap((value) => ['--set', value]),
  );
}, 120_000);
afterAll(() => stage.close(), 30_000);

/** An operator with the rights that the chart gives it, and no others. */
async function startWithRights(namespace: string): Promise<RunningOperator> {
  const token = (await stage.cluster.kubectl('create', 'token', '-n', leaving, 'rtc-operator')).trim();
  return startOperator(stage.proxy.kubeconfigWithToken(token), {
    ...{ 'watch-namespaces': namespace, 'binding-namespaces': elsewhere },
  });
}

test('a binding that may not be removed any more is told of with the commands, which let its cluster go', async () => {
  const operator = await startWithRights(losing);
  const copy = { namespace: elsewhere, name: 'calls-mattermost-env' };
  const calls = liveCluster(stage.kube, losing, {
    drain: { propagationSeconds: 0, sessionlessSeconds: 0 },
    network: { apiPort: stagePort },
    binding: { namespaces: [elsewhere] },
  });
  await calls.apply({ replicas: 1 });
  await eventually(() => stage.kube.get(resources.secrets, copy).then(() => undefined), waiting);

  await stage.cluster.kubectl('delete', 'rolebindings', '-n', elsewhere, '--all');
  await calls.remove();
  await calls.untilCondition('Ready', /^False BindingLeft$/);
  await operator.stop();
  const again = startOperator(stage.proxy.kubeconfig, { 'watch-namespaces': losing });
  await calls.untilCondition('CredentialsSynced', /^False BindingLeft$/);
  const { conditions = [] } = await calls.status();
  const { message } = conditions.find(({ type }) => type === 'CredentialsSynced')!;
  const commands = /run (kubectl delete secret .*) && (kubectl annotate .*);/.exec(message)!.slice(1);
  for (const command of commands) await stage.cluster.kubectl(...command.split(' ').slice(1));
  await eventually(async () => ((await calls.isGone()) ? undefined : 'it is held still'), waiting);
  await expect(stage.kube.get(resources.secrets, copy)).rejects.toThrow(/not found/);
  await again.stop();
}, 180_000);

test('a namespace goes at the deadline of its calls, also when the operator and its rights go first, and in a pause', async () => {
  const namespace = leaving;
  const seconds = 8;
  const operator = await startWithRights(namespace);
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
