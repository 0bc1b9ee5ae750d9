/** Two operators beside one real API server: who acts, who takes over, and when neither may. Nodes and SFUs are light fakes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';
import { type KubeStage, stagePort, startKubeStage } from '../../support/kubeStage.ts';

const namespace = 'runtime';
const published = 'rtc.progressnet.gr/published=true';
let stage: KubeStage;
let calls: LiveCluster;
const replicas: RunningOperator[] = [];

/** One more replica; the first one leads. */
function replica(): RunningOperator {
  const started = startOperator(stage.proxy.kubeconfig, {
    ...{ 'watch-namespaces': namespace, 'leader-election': 'true', 'lease-namespace': namespace },
    identity: `replica-${replicas.length}`,
  });
  replicas.push(started);
  return started;
}

const leads = async ({ metrics }: RunningOperator): Promise<boolean> =>
  (await metrics.registry.metrics()).includes('rtc_operator_leader 1');

const value = async ({ metrics }: RunningOperator, sample: string): Promise<string | undefined> =>
  (await metrics.registry.metrics()).split('\n').find((line) => line.startsWith(sample));

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 3 });
  await stage.createNamespace(namespace);
  calls = liveCluster(stage.kube, namespace, {
    drain: { propagationSeconds: 0, sessionlessSeconds: 1, timeoutSeconds: 60 },
    network: { apiPort: stagePort },
  });
}, 120_000);
afterAll(async () => {
  for (const started of replicas) await started.stop();
  await stage.close();
}, 60_000);

describe('two replicas of the operator', () => {
  beforeAll(async () => {
    const first = replica();
    await eventually(async () => ((await leads(first)) ? undefined : 'nobody leads'));
    replica();
    await calls.apply({ replicas: 1 });
    await calls.untilPods(1, published);
  }, 60_000);

  test('only one of them reconciles', async () => {
    const [first, second] = replicas;
    expect(await first!.reconciles()).toBeGreaterThan(0);
    expect(await second!.reconciles()).toBe(0);
    expect(second!.operator.notReady()).toBeUndefined();
  });

  test('the other goes on at once where the first one stopped, without waiting for the lease to run out', async () => {
    const [first, second] = replicas;
    const startedMs = performance.now();
    await first!.stop();
    await calls.apply({ replicas: 2 });
    await eventually(async () => ((await second!.reconciles()) > 0 ? undefined : 'the second does nothing'));
    const handOverMs = performance.now() - startedMs;
    const lease = await stage.cluster.kubectl('get', '-n', namespace, 'lease', '-o', 'yaml');
    expect(lease).toMatch(/holderIdentity: replica-1/);
    await calls.untilPods(2, published);
    await keepFigures('hand-over', { handOverSeconds: Math.round(handOverMs / 100) / 10 });
  }, 60_000);
});

describe('a cluster that somebody paused', () => {
  const annotate = (text: string): Promise<string> =>
    stage.cluster.kubectl('annotate', '-n', namespace, 'rtccluster', 'calls', text);

  test('is left alone, and says what waits and how to go on', async () => {
    await annotate('rtc.progressnet.gr/paused=maintenance');
    await calls.untilCondition('ReconciliationPaused', /^True Paused$/);
    await calls.untilCondition('Ready', /^True/);
    stage.proxy.forget();
    await calls.apply({ replicas: 3 });
    await calls.untilCondition('Ready', /^False Paused$/);
    const writes = Object.keys(stage.proxy.counts()).filter((call) =>
      /^(create|patch|delete|update) /.test(call),
    );
    expect(writes.filter((call) => !/events|leases|rtcclusters\/status/.test(call))).toEqual([]);
    const ready = (await calls.status()).conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).toContain(
      'kubectl annotate -n runtime rtccluster calls rtc.progressnet.gr/paused-',
    );
    expect(await calls.untilPods(2)).toHaveLength(2);
  }, 60_000);

  test('is shown in metrics while it is paused, and goes on afterwards', async () => {
    const leader = replicas[1]!;
    const paused = 'rtc_cluster_condition{namespace="runtime",cluster="calls",type="ReconciliationPaused"}';
    expect(await value(leader, paused)).toBe(`${paused} 1`);
    await annotate('rtc.progressnet.gr/paused-');
    await calls.untilPods(3, published);
    await calls.untilCondition('Ready', /^True/);
    expect(await value(leader, paused)).toBe(`${paused} 0`);
  }, 60_000);

  test('is forgotten by the metrics when it is gone', async () => {
    await calls.remove();
    await eventually(async () => ((await calls.isGone()) ? undefined : 'it is still there'));
    await eventually(() => value(replicas[1]!, 'rtc_cluster_'));
  }, 60_000);
});
