/** The number of pods on a real API server with its real HPA controller. Nodes and SFUs are faked, external metrics are a stub. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import type { KubeApi } from '../../../operator/kube/api.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { eventually } from '../../support/eventually.ts';
import { startExternalMetrics, type ExternalMetricsStub } from '../../support/externalMetrics.ts';
import { startFakeNodes, type FakeNodes } from '../../support/fakeNodes.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';

const root = join(import.meta.dirname, '../../..');
const apiPort = 20_000 + (process.pid % 10_000);
const base = {
  drain: { propagationSeconds: 0, sessionlessSeconds: 1, timeoutSeconds: 60 },
  network: { apiPort },
};
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
let cluster: Cluster;
let client: KubeClient;
let kube: KubeApi;
let fakes: FakeNodes;
let metrics: ExternalMetricsStub;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllerManagerFlags });
  await cluster.kubectl('apply', '-f', join(root, 'crds/rtcclusters.rtc.progressnet.gr.yaml'));
  await eventually(() => cluster.kubectl('get', 'rtcclusters').then(() => undefined));
  client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  kube = client.api();
  fakes = await startFakeNodes(cluster, kube, { count: 4, port: apiPort });
  metrics = await startExternalMetrics(cluster, 'rtc_sessions');
}, 120_000);
afterAll(async () => {
  await metrics.stop();
  await fakes.stop();
  await client.close();
  await cluster.stop();
}, 30_000);

let count = 0;
let operator: RunningOperator;
let calls: LiveCluster;
const published = 'rtc.progressnet.gr/published=true';

beforeEach(async () => {
  const namespace = `scale-${++count}`;
  await cluster.kubectl('create', 'namespace', namespace);
  for (const { sfu } of fakes.nodes) Object.assign(sfu, { sessions: 0, isDraining: false });
  calls = liveCluster(kube, namespace, base);
  operator = startOperator(cluster.kubeconfig, { 'watch-namespaces': namespace });
});
afterEach(async () => {
  for (const { sfu } of fakes.nodes) sfu.sessions = 0;
  await calls.remove();
  await calls.untilPods(0);
  await operator.stop();
}, 60_000);

/** The first pod's node gets that many people. */
async function fill(sessions: number): Promise<string> {
  const [pod] = await calls.untilPods(1, published);
  const { nodeName } = pod!['spec'] as { readonly nodeName: string };
  fakes.nodes.find(({ name }) => name === nodeName)!.sfu.sessions = sessions;
  return pod!.metadata.name;
}

async function reasons(): Promise<ReadonlySet<string>> {
  const path = 'jsonpath={.items[*].reason}';
  const found = await cluster.kubectl('get', '-n', calls.namespace, 'events', '-o', path);
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
      await cluster.kubectl('get', '-n', calls.namespace, 'rtc', 'calls', '-o', 'jsonpath={.spec.replicas}'),
    ).toBe('');
    fakes.nodes.find(({ sfu }) => sfu.sessions > 0)!.sfu.sessions = 60;
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
    await cluster.kubectlWithInput(JSON.stringify(autoscaler), 'apply', '-n', calls.namespace, '-f', '-');
    metrics.value = 250;
    await calls.untilPods(3, published);
    expect((await calls.status()).scaling).toMatchObject({
      bindingTarget: 'replicas',
      lastDecision: { to: 3, reason: 'ExternalReplicas' },
    });
    metrics.value = 50;
    const left = await calls.untilPods(1);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([busy]);
    await cluster.kubectl('delete', '-n', calls.namespace, 'hpa', 'calls');
  }, 90_000);
});
