/** The whole operator against a real API server and its controllers; scheduler, nodes, kubelets and SFUs are faked. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { isEqual } from '../../../operator/reconcile/owned.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { startFakeNodes, type FakeNode, type FakeNodes } from '../../support/fakeNodes.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';

const root = join(import.meta.dirname, '../../..');
const apiPort = 20_000 + (process.pid % 10_000);
const base = {
  drain: { propagationSeconds: 0, sessionlessSeconds: 1, timeoutSeconds: 60 },
  network: { apiPort },
};
let cluster: Cluster;
let proxy: ApiProxy;
let client: KubeClient;
let kube: KubeApi;
let fakes: FakeNodes;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  await cluster.kubectl('apply', '-f', join(root, 'crds/rtcclusters.rtc.progressnet.gr.yaml'));
  await eventually(() => cluster.kubectl('get', 'rtcclusters').then(() => undefined));
  proxy = await startProxy(cluster);
  client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  kube = client.api();
  fakes = await startFakeNodes(cluster, kube, { count: 3, port: apiPort });
}, 120_000);
afterAll(async () => {
  await fakes.stop();
  await client.close();
  await proxy.close();
  await cluster.stop();
}, 30_000);

let count = 0;
let operator: RunningOperator;
let calls: LiveCluster;

/** A namespace of its own with an operator for it. */
async function begin(): Promise<void> {
  const namespace = `test-${++count}`;
  await cluster.kubectl('create', 'namespace', namespace);
  await eventually(() =>
    cluster.kubectl('get', '-n', namespace, 'serviceaccount', 'default').then(() => undefined),
  );
  for (const node of fakes.nodes) {
    node.crash = undefined;
    node.sfu.requests.splice(0);
    Object.assign(node.sfu, { sessions: 0, isDraining: false, answers: true, probe: undefined });
  }
  calls = liveCluster(kube, namespace, base);
  startAgain();
}

function startAgain(): void {
  operator = startOperator(proxy.kubeconfig, { 'watch-namespaces': calls.namespace });
}

async function end(): Promise<void> {
  for (const { sfu } of fakes.nodes) Object.assign(sfu, { sessions: 0, answers: true });
  await calls.remove();
  await calls.untilPods(0);
  await operator.stop();
}

/** Two published pods. */
async function two(): Promise<void> {
  await calls.apply({ replicas: 2 });
  await calls.untilCondition('Ready', /^True/);
}

const published = 'rtc.progressnet.gr/published=true';
const namesOf = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name);

function nodeOf(pod: KubeObject): FakeNode {
  const { nodeName } = pod['spec'] as { nodeName?: string };
  return fakes.nodes.find(({ name }) => name === nodeName)!;
}

/** As `kubectl drain` does. */
async function evict({ metadata: { namespace = '', name } }: KubeObject): Promise<void> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  await cluster.kubectlWithInput(JSON.stringify(eviction), 'create', '--raw', path, '-f', '-');
}

test('a pod whose probe call fails is not published, and its SFU says which port (fake SFU)', async () => {
  await begin();
  const message = 'UDP 10.0.0.1:8045 (worker 0): no connection within 5 s';
  for (const { sfu } of fakes.nodes) sfu.probe = { ok: false, message, paths: [{}] };
  await calls.apply({ replicas: 1 });
  const member = await calls.untilMember('Gated', 'ProbeFailed');
  expect(member.message).toContain(message);
  await calls.untilCondition('Ready', /^False ProbeFailed$/);
  await calls.untilCondition('AddressesReachable', /^False NotReachable$/);
  expect(await calls.list(resources.pods, published)).toEqual([]);
  await end();
}, 60_000);

describe('an RTCCluster of two pods', () => {
  beforeAll(async () => {
    await begin();
    await two();
  }, 60_000);
  afterAll(end, 60_000);

  test('has its children, and both pods in the Service', async () => {
    const pods = await calls.untilPods(2, published);
    expect(new Set(pods.map(nodeOf)).size).toBe(2);
    expect(namesOf(await calls.list(resources.configMaps))).toEqual(['calls-sfu']);
    expect(namesOf(await calls.list(resources.podDisruptionBudgets))).toEqual(['calls-sfu']);
    expect(namesOf(await calls.list(resources.secrets))).toEqual([
      'calls-admin',
      'calls-client-mattermost',
      'calls-mattermost-env',
    ]);
    await eventually(async () => {
      const path = 'jsonpath={.items[*].endpoints[*].addresses[0]}';
      const found = await cluster.kubectl('get', '-n', calls.namespace, 'endpointslices', '-o', path);
      const addresses = pods.map((pod) => nodeOf(pod).address).toSorted();
      return isEqual(found.split(' ').toSorted(), addresses)
        ? undefined
        : `addresses in the Service: ${found}`;
    });
  });

  test('says so in one line', async () => {
    const line = await cluster.kubectl('get', '-n', calls.namespace, 'rtc', '--no-headers');
    expect(line.split(/\s+/).slice(0, 7)).toEqual(['calls', '2', '2', '0', '0', 'True', 'AllPublished']);
  });

  test('has private addresses, and a condition says so', async () => {
    await calls.untilCondition('AddressesResolved', /^True PrivateAddress$/);
  });

  test('asks every pod with its admin key', async () => {
    const { data } = (await kube.get(resources.secrets, {
      namespace: calls.namespace,
      name: 'calls-admin',
    })) as unknown as { data: { adminKey: string } };
    for (const pod of await calls.untilPods(2))
      expect(nodeOf(pod).sfu.requests.at(-1)?.password).toBe(Buffer.from(data.adminKey, 'base64').toString());
  });

  test('tells what happened as events', async () => {
    await eventually(async () => {
      const path = 'jsonpath={.items[*].reason}';
      const found = new Set(
        (await cluster.kubectl('get', '-n', calls.namespace, 'events', '-o', path)).split(' '),
      );
      return found.has('CreatedPod') && found.has('Published') ? undefined : [...found].join(', ');
    });
  });

  test('sends no request when nothing is to be done', async () => {
    await calls.untilCondition('Ready', /^True/);
    const before = await operator.reconciles();
    proxy.forget();
    for (const version of ['1.2.7', '1.2.6']) {
      const so = await operator.reconciles();
      for (const { sfu } of fakes.nodes) sfu.version = version; // News that changes no decision.
      await eventually(async () => ((await operator.reconciles()) > so ? undefined : 'no reconcile yet'));
    }
    const reconciles = (await operator.reconciles()) - before;
    expect(reconciles).toBeGreaterThan(1);
    expect(proxy.counts()).toEqual({});
    await keepFigures('no-op-reconcile', { reconciles, requests: proxy.calls().length });
  });

  test('takes ten edits that are seen at once for two at most', async () => {
    const key = { namespace: calls.namespace, name: 'calls' };
    const before = await operator.reconciles();
    proxy.streams.hold();
    for (let edit = 1; edit <= 10; edit += 1)
      await kube.mergePatch(resources.rtcclusters, key, {
        spec: { update: { progressDeadlineSeconds: 900 + edit } },
      });
    proxy.streams.release();
    const { generation } = (await kube.get(resources.rtcclusters, key)).metadata;
    await eventually(async () =>
      (await calls.status()).observedGeneration === generation ? undefined : 'the last edit is not seen',
    );
    const [{ sfu }] = fakes.nodes as readonly [FakeNode];
    const polls = sfu.requests.length + 3;
    await eventually(() => (sfu.requests.length >= polls ? undefined : 'what else there may be to do'));
    const reconciles = (await operator.reconciles()) - before;
    expect(reconciles).toBeLessThanOrEqual(2);
    await keepFigures('ten-edits', { edits: 10, reconciles });
  });

  test('is only read by an operator that starts again; its Secrets stay', async () => {
    const secrets = JSON.stringify((await calls.list(resources.secrets)).map((secret) => secret['data']));
    await operator.stop();
    proxy.forget();
    startAgain();
    await eventually(async () => ((await operator.reconciles()) > 0 ? undefined : 'no reconcile yet'));
    expect(Object.keys(proxy.counts()).filter((call) => !/^(list|watch) /.test(call))).toEqual([]);
    expect(JSON.stringify((await calls.list(resources.secrets)).map((secret) => secret['data']))).toBe(
      secrets,
    );
  });

  test('heals what somebody else changed or deleted', async () => {
    const key = { namespace: calls.namespace, name: 'calls-sfu' };
    await cluster.kubectl('delete', '-n', calls.namespace, 'service', 'calls-rtcd');
    await kube.mergePatch(resources.configMaps, key, { data: { 'config.toml': 'broken' } });
    await eventually(async () => {
      const config = JSON.stringify((await kube.get(resources.configMaps, key))['data']);
      const services = namesOf(await calls.list(resources.services));
      return services.length === 1 && !config.includes('broken') ? undefined : `${config} ${services.join()}`;
    });
  });

  test('replaces a pod that was killed', async () => {
    const [pod] = await calls.untilPods(2, published);
    const { namespace = '', name, uid = '' } = pod!.metadata;
    await kube.delete(resources.pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
    await eventually(async () => {
      const now = await calls.list(resources.pods, published);
      return now.length === 2 && !now.some(({ metadata }) => metadata.uid === uid)
        ? undefined
        : namesOf(now).join();
    });
  });

  test('lets nobody evict a pod in DNS, not ready or not, for a call may have begun; autoscalers are told', async () => {
    const [pod] = await calls.untilPods(2, 'rtc.progressnet.gr/busy=true');
    expect(pod!.metadata.annotations).toMatchObject({ 'karpenter.sh/do-not-disrupt': 'true' });
    await expect(evict(pod!)).rejects.toThrow(/disruption budget/);
    nodeOf(pod!).crash = { exitCode: 1, message: 'for the test' };
    await calls.untilMember('Failed', 'ContainerCrashed');
    await expect(evict(pod!)).rejects.toThrow(/disruption budget/);
    nodeOf(pod!).crash = undefined;
    await calls.untilPods(2, published);
  });
});

describe('scaling down while people talk', () => {
  beforeEach(begin, 60_000);
  afterEach(end, 60_000);

  /** The node of the pod that drains, with a call on every node. */
  async function drainOne(spec: object = {}): Promise<FakeNode> {
    await two();
    for (const { sfu } of fakes.nodes) sfu.sessions = 3;
    await eventually(async () =>
      (await calls.status()).sessions?.current === 6 ? undefined : 'not seen yet',
    );
    await calls.apply({ replicas: 1, ...spec });
    const { node } = await calls.untilMember('Draining', 'SessionsActive');
    return fakes.nodes.find(({ name }) => name === node)!;
  }

  test('waits for the calls, then deletes', async () => {
    const { sfu } = await drainOne();
    await calls.untilPods(1, published);
    await eventually(() => (sfu.isDraining ? undefined : 'it was not told'));
    await calls.untilPods(2);
    sfu.sessions = 0;
    expect((await calls.untilPods(1)).map(nodeOf)[0]?.sfu).not.toBe(sfu);
  }, 60_000);

  test('keeps a pod that does not answer', async () => {
    const { sfu } = await drainOne();
    sfu.answers = false;
    await calls.untilMember('Draining', 'SessionsUnknown');
    await calls.untilPods(2);
    sfu.answers = true;
    await calls.untilMember('Draining', 'SessionsActive');
  }, 60_000);

  test('brings the pod back when it is wanted again, instead of a new one', async () => {
    const { sfu, name } = await drainOne();
    await calls.apply({ replicas: 2 });
    const pods = await calls.untilPods(2, published);
    expect(pods.map((pod) => nodeOf(pod).name)).toContain(name);
    await eventually(() => (sfu.isDraining ? 'it still drains' : undefined));
  }, 60_000);

  test('ends calls at the deadline that is on the pod, also after the operator has started again', async () => {
    const overrides = [{ reason: 'ScaleDown', policy: 'ForceAfter', timeoutSeconds: 4 }];
    const { sfu } = await drainOne({ drain: { ...base.drain, overrides } });
    await operator.stop();
    startAgain();
    expect((await calls.untilPods(1)).map(nodeOf)[0]?.sfu).not.toBe(sfu);
    expect(sfu.sessions).toBe(3);
  }, 60_000);

  test('empties a pod that a person asks for, and brings it back when that is taken back', async () => {
    await two();
    const [pod] = await calls.untilPods(2, published);
    const { namespace = '', name } = pod!.metadata;
    nodeOf(pod!).sfu.sessions = 1;
    const annotate = (change: string): Promise<string> =>
      cluster.kubectl(
        'annotate',
        'pod',
        '-n',
        namespace,
        name,
        `rtc.progressnet.gr/requested-state${change}`,
      );
    await annotate('=Draining');
    const { message } = await calls.untilMember('Draining', 'SessionsActive');
    expect(message).toContain('by kubectl-annotate');
    await calls.untilCondition('Draining', /^True Requested$/);
    await annotate('-');
    await calls.untilCondition('Draining', /^False NothingDrains$/);
    expect(namesOf(await calls.untilPods(2, published))).toContain(name);
  }, 60_000);

  test('is continued by an operator that starts again', async () => {
    const { sfu } = await drainOne();
    await operator.stop();
    sfu.sessions = 0;
    startAgain();
    expect((await calls.untilPods(1)).map(nodeOf)[0]?.sfu).not.toBe(sfu);
    await calls.untilPods(1, published);
  }, 60_000);
});

describe('what goes wrong is said, and passes with its cause', () => {
  beforeEach(begin, 60_000);
  afterEach(end, 60_000);

  test('a container that crashes', async () => {
    for (const node of fakes.nodes) node.crash = { exitCode: 1, message: 'listen EADDRINUSE 8443' };
    await calls.apply({ replicas: 1 });
    await calls.untilCondition('Ready', /^False ContainerCrashed$/);
    const { message } = await calls.untilMember('Failed');
    expect(message).toBe('Container sfu ended with exit code 1: listen EADDRINUSE 8443');
    const [pod] = await calls.untilPods(1);
    await evict(pod!); // It was never in DNS, nobody can have a call on it.
    for (const node of fakes.nodes) node.crash = undefined;
    await calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('more pods than nodes', async () => {
    await calls.apply({ replicas: 4 });
    await calls.untilCondition('Ready', /^False Unschedulable$/);
    await calls.untilPods(3, published);
    await calls.apply({ replicas: 3 });
    await calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('a Service of that name that belongs to somebody else', async () => {
    await cluster.kubectl('create', '-n', calls.namespace, 'service', 'clusterip', 'calls-rtcd', '--tcp=80');
    await calls.apply({ replicas: 1 });
    await calls.untilCondition('Ready', /^False NameTaken$/);
    await cluster.kubectl('delete', '-n', calls.namespace, 'service', 'calls-rtcd');
    await calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('a namespace whose pod security forbids the network of the node', async () => {
    const enforce = 'pod-security.kubernetes.io/enforce';
    await cluster.kubectl('label', 'namespace', calls.namespace, `${enforce}=restricted`);
    await calls.apply({ replicas: 1 });
    await calls.untilCondition('Ready', /^False PodSecurityForbids$/);
    await calls.untilCondition('PodSecurityCompatible', /^False PodSecurityForbids$/);
    await cluster.kubectl('label', 'namespace', calls.namespace, `${enforce}-`);
    await calls.untilCondition('Ready', /^True/);
    await calls.untilCondition('PodSecurityCompatible', /^True Admitted$/);
  }, 60_000);
});

describe('a deleted RTCCluster', () => {
  beforeEach(begin, 60_000);
  afterEach(end, 60_000);

  test('goes when its last call has ended, and takes its children along', async () => {
    await calls.apply({ replicas: 1 });
    await calls.untilCondition('Ready', /^True/);
    for (const { sfu } of fakes.nodes) sfu.sessions = 1;
    await calls.untilPods(1, 'rtc.progressnet.gr/busy=true');
    await calls.remove();
    await calls.untilCondition('Ready', /^False Deleting$/);
    await calls.untilMember('Draining', 'SessionsActive');
    for (const { sfu } of fakes.nodes) sfu.sessions = 0;
    await eventually(async () => ((await calls.isGone()) ? undefined : 'it is still there'));
    await eventually(async () =>
      (await calls.list(resources.services)).length === 0 ? undefined : 'a Service',
    );
  }, 60_000);
});
