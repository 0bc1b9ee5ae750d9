/** The number of pods on a real API server with its real HPA controller. Nodes and SFUs are faked, external metrics are a stub. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { startExternalMetrics, type ExternalMetricsStub } from '../../support/externalMetrics.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';
import { type KubeStage, startKubeStage } from '../../support/kubeStage.ts';
import { base, published } from './acts.ts';

const hasty = { stabilizationSeconds: 1, confirmPeriods: 1, maxPods: 4, periodSeconds: 1 };
const auto = {
  scaling: {
    ...{ mode: 'Auto', minPods: 1, target: { sessionsPerPod: 100 }, metrics: { periodSeconds: 5 } },
    headroom: { percent: 0, leadTime: 'Off' },
    behavior: { scaleDown: hasty, minPodAgeSeconds: 0 },
  },
};
/** The HPA's own waits are minutes. */
const controllerManagerFlags = [
  '--horizontal-pod-autoscaler-sync-period=1s',
  '--horizontal-pod-autoscaler-initial-readiness-delay=0s',
];
let stage: KubeStage;
let metrics: ExternalMetricsStub;

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 4, controllerManagerFlags });
  metrics = await startExternalMetrics(stage.cluster, 'rtc_sessions');
}, 120_000);
afterAll(async () => {
  await metrics.stop();
  await stage.close();
}, 30_000);

let count = 0;
let operator: RunningOperator;
let calls: LiveCluster;

beforeEach(async () => {
  const namespace = `scale-${++count}`;
  await stage.createNamespace(namespace);
  for (const { sfu } of stage.fakes.nodes) Object.assign(sfu, { sessions: 0, isDraining: false });
  calls = liveCluster(stage.kube, namespace, base);
  operator = startOperator(stage.cluster.kubeconfig, { 'watch-namespaces': namespace });
});
afterEach(async () => {
  for (const { sfu } of stage.fakes.nodes) sfu.sessions = 0;
  await calls.remove();
  await calls.untilPods(0);
  await operator.stop();
}, 60_000);

/** The first pod's node gets that many people. */
async function fill(sessions: number): Promise<string> {
  const [pod] = await calls.untilPods(1, published);
  const { nodeName } = pod!['spec'] as { readonly nodeName: string };
  stage.fakes.nodes.find(({ name }) => name === nodeName)!.sfu.sessions = sessions;
  return pod!.metadata.name;
}

async function reasons(): Promise<ReadonlySet<string>> {
  const path = 'jsonpath={.items[*].reason}';
  const found = await stage.cluster.kubectl('get', '-n', calls.namespace, 'events', '-o', path);
  return new Set(found.split(' '));
}

describe('scaling.mode Auto', () => {
  test('follows the people up and down, and says what decided; the busy pod stays', async () => {
    await calls.apply(auto);
    const busy = await fill(250);
    await calls.untilPods(3, published);
    await eventually(async () => {
      const { sessions } = await calls.status();
      return sessions?.capacity === 300 && sessions.headroom === 50 ? undefined : JSON.stringify(sessions);
    });
    expect(await calls.status()).toMatchObject({
      desiredPods: 3,
      scaling: {
        bindingTarget: 'sessionsPerPod',
        lastDecision: { from: 1, to: 3, reason: 'AboveTarget', inputs: { sessions: 250 } },
      },
    });
    await calls.untilCondition('CapacitySufficient', /^True/);
    expect(
      await stage.cluster.kubectl(
        'get',
        '-n',
        calls.namespace,
        'rtc',
        'calls',
        '-o',
        'jsonpath={.spec.replicas}',
      ),
    ).toBe('');
    stage.fakes.nodes.find(({ sfu }) => sfu.sessions > 0)!.sfu.sessions = 60;
    const left = await calls.untilPods(1);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([busy]);
    await eventually(async () => {
      const found = await reasons();
      return found.has('ScaledUp') && found.has('ScaledDown') ? undefined : [...found].join(', ');
    });
  }, 60_000);
});

/** What a user would write, but for the wait before it scales down. */
const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'calls' },
  spec: {
    scaleTargetRef: { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', name: 'calls' },
    ...{ minReplicas: 1, maxReplicas: 4 },
    metrics: [
      {
        type: 'External',
        external: { metric: { name: 'rtc_sessions' }, target: { type: 'AverageValue', averageValue: '100' } },
      },
    ],
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
  },
};

describe('scaling.mode External', () => {
  test('obeys an HPA in both directions, and the busy pod stays', async () => {
    metrics.value = 50;
    await calls.apply({ replicas: 1, scaling: { mode: 'External' } });
    const busy = await fill(50);
    await stage.cluster.kubectlWithInput(
      JSON.stringify(autoscaler),
      'apply',
      '-n',
      calls.namespace,
      '-f',
      '-',
    );
    metrics.value = 250;
    await calls.untilPods(3, published);
    expect((await calls.status()).scaling).toMatchObject({
      bindingTarget: 'replicas',
      lastDecision: { to: 3, reason: 'ExternalReplicas' },
    });
    metrics.value = 50;
    const left = await calls.untilPods(1);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([busy]);
    await stage.cluster.kubectl('delete', '-n', calls.namespace, 'hpa', 'calls');
  }, 90_000);
});
