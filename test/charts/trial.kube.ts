/** What `helm test` runs, with the rights that the chart gives it and no more, on a real API server; nodes and SFUs are faked. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createKubeClient } from '../../operator/kube/client.ts';
import { tryCalls } from '../../operator/trial/trial.ts';
import { eventually } from '../support/eventually.ts';
import { type KubeStage, stagePort, startKubeStage } from '../support/kubeStage.ts';
import { liveCluster } from '../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../support/operator.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const namespace = 'rtc';
const works = { ok: true, joinMs: 40, lossPercent: 0, message: '2 paths work', paths: [{}, {}] };
let stage: KubeStage;
let operator: RunningOperator;
beforeAll(async () => {
  stage = await startKubeStage({ nodes: 2, installsCrd: false });
  await stage.cluster.helm(
    4,
    'install',
    'rtc-operator',
    chart,
    '--namespace',
    namespace,
    '--create-namespace',
  );
  for (const name of ['calls', 'elsewhere']) await stage.createNamespace(name);
  operator = startOperator(stage.cluster.kubeconfig);
}, 120_000);
afterAll(async () => {
  await operator.stop();
  await stage.close();
}, 30_000);
beforeEach(() => {
  for (const { sfu } of stage.fakes.nodes) sfu.probe = works;
});

/** Does here what the pod of `helm test` does there, with the rights of the operator, whose identity it has. */
async function trial(...watched: readonly string[]): Promise<{ lines: string[]; hasPassed: boolean }> {
  const { cluster, proxy } = stage;
  const token = await cluster.kubectl('create', 'token', '-n', namespace, 'rtc-operator');
  const client = createKubeClient({ kubeconfig: proxy.kubeconfigWithToken(token.trim()) });
  proxy.forget();
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const deps = { kube: client.api(), namespaces: watched, say, busyPauseMs: 100 };
  const hasPassed = await tryCalls(deps).finally(() => client.close());
  return { lines, hasPassed };
}

test('nothing to call is a pass that says so', async () => {
  expect(await trial()).toEqual({
    hasPassed: true,
    lines: ['There is no RTCCluster yet, so there was nothing to call: make one and test again.'],
  });
});

test('every published pod is called by itself and from the other node; that takes no more than to read', async () => {
  const calls = liveCluster(stage.kube, 'calls', { network: { apiPort: stagePort } });
  await calls.apply({ replicas: 2 });
  await calls.untilCondition('Ready', /^True/);
  const { lines, hasPassed } = await trial();
  expect(lines).toHaveLength(5);
  for (const line of lines.slice(0, 4))
    expect(line).toMatch(/^ok calls\/calls: pod calls-sfu-\S+ at .*: 2 paths work/);
  expect(lines.at(-1)).toBe('1 RTCCluster tried: all is well.');
  expect(hasPassed).toBe(true);
  expect(Object.keys(stage.proxy.counts()).toSorted()).toEqual([
    'get secrets',
    'list pods',
    'list rtcclusters',
  ]);
}, 60_000);

test('a pod that nobody is heard through fails the test with the reason and the fix', async () => {
  stage.fakes.nodes[0]!.sfu.probe = { ok: false, message: 'udp 10.0.0.1:8045: no answer', paths: [{}] };
  const { lines, hasPassed } = await trial('calls');
  expect(hasPassed).toBe(false);
  const [line, ...others] = lines.filter((text) => text.startsWith('FAILED'));
  expect(others).toEqual([]);
  expect(line).toMatch(
    /called by itself: Its probe call to itself failed: udp 10.0.0.1:8045: no answer\. .*see the log of the pod/,
  );
  expect(lines.at(-1)).toContain('1 of the lines above begin with FAILED');
});

test('with watched namespaces it sees those alone', async () => {
  expect((await trial('elsewhere')).lines).toEqual([expect.stringContaining('no RTCCluster yet')]);
});

test('an RTCCluster without a pod in DNS fails with what its Ready says', async () => {
  const big = liveCluster(stage.kube, 'elsewhere', { network: { apiPort: stagePort } });
  await big.apply({ replicas: 1, placement: { nodeSelector: { disk: 'none-has-this' } } });
  await big.untilCondition('Ready', /^False/);
  await eventually(async () => {
    const { lines, hasPassed } = await trial('elsewhere');
    const isTold = !hasPassed && /^FAILED .*is in DNS\. Ready is False, \w+: ./.test(lines[0] ?? '');
    return isTold ? undefined : lines.join('\n');
  });
}, 30_000);
