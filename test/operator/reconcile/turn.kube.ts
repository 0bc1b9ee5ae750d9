/** The operator looks after a TurnServer, on a real API server and its controllers; scheduler, kubelets, agents and coturns are faked. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { eventually } from '../../support/eventually.ts';
import { startFakeTurnNodes, type FakeTurnNodes } from '../../support/fakeTurnNodes.ts';
import { type KubeStage, startKubeStage } from '../../support/kubeStage.ts';
import { liveTurn, type LiveTurn } from '../../support/liveTurn.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';

const published = 'rtc.progressnet.gr/published=true';
const base = { drain: { timeoutSeconds: 60 }, placement: { replicas: 2 } };

let stage: KubeStage;
let turnNodes: FakeTurnNodes;
let operator: RunningOperator;
let edge: LiveTurn;
let count = 0;

const start = (): RunningOperator =>
  startOperator(
    stage.proxy.kubeconfig,
    { 'watch-namespaces': edge.namespace },
    { allocate: turnNodes.allocate },
  );
const nodesOf = (pods: readonly KubeObject[]): (string | undefined)[] =>
  pods.map((pod) => (pod['spec'] as { readonly nodeName?: string }).nodeName);
const two = async (): Promise<void> => {
  await edge.apply({});
  await edge.untilPods(2, published);
  await edge.untilCondition('Ready', /^True/);
};

beforeAll(async () => {
  stage = await startKubeStage({ nodes: 3 });
  turnNodes = await startFakeTurnNodes(stage.kube, stage.fakes.nodes);
}, 120_000);
afterAll(async () => {
  await turnNodes.stop();
  await stage.close();
}, 60_000);
beforeEach(async () => {
  const namespace = `turn-${++count}`;
  await stage.createNamespace(namespace);
  edge = liveTurn(stage.kube, namespace, base);
  operator = start();
}, 60_000);
afterEach(async () => {
  for (const coturn of turnNodes.coturns.values()) Object.assign(coturn, { allocations: 0, answers: true });
  await edge.remove();
  await edge.untilGone();
  await edge.untilPods(0);
  await operator.stop();
}, 60_000);

describe('a TurnServer', () => {
  test('gets its pods, one per node, with a secret that each of them was seen to take', async () => {
    await two();
    const pods = await edge.untilPods(2, published);
    expect(new Set(nodesOf(pods)).size).toBe(2);
    const { secret = '' } = await edge.secret('edge-turn');
    const { secrets, uris = [], allocations } = await edge.status();
    expect(secrets).toMatchObject({ activeHash: secretHash(secret), rotation: 'Stable' });
    expect(uris).toContain(`turn:${stage.nodeOf(pods[0]!).address}:3478?transport=udp`);
    expect(allocations).toMatchObject({ current: 0, unknownPods: 0 });
    const variables = await edge.secret('edge-ice-servers');
    expect(variables['MM_CALLS_TURN_STATIC_AUTH_SECRET']).toBe(secret);
    await eventually(async () => {
      const { MM_CALLS_ICE_SERVERS_CONFIGS = '' } = await edge.secret('edge-ice-servers');
      const missing = uris.find((uri) => !MM_CALLS_ICE_SERVERS_CONFIGS.includes(uri));
      return missing === undefined ? undefined : `${missing} is not in ${MM_CALLS_ICE_SERVERS_CONFIGS}`;
    });
  }, 60_000);

  test('at rest costs no write', async () => {
    await two();
    await eventually(async () => {
      const before = await operator.reconciles();
      stage.proxy.forget();
      await edge.annotate({ nudge: String(before) });
      await eventually(async () => ((await operator.reconciles()) > before ? undefined : 'not looked at'));
      const writes = Object.keys(stage.proxy.counts()).filter((call) => /^(create|patch|delete)/.test(call));
      const ours = writes.filter((call) => !/status|turnservers$|events|nodes|bindings/.test(call));
      return ours.length === 0 ? undefined : ours.join(', ');
    });
  }, 60_000);

  test('drains the pod that is one too many, and deletes it when its last allocation has ended', async () => {
    await two();
    for (const coturn of turnNodes.coturns.values()) coturn.allocations = 1;
    await edge.apply({ placement: { replicas: 1 } });
    const { node = '', message } = await edge.untilMember('Draining', 'SessionsActive');
    expect(message).toMatch(/allocations/);
    expect(message).not.toMatch(/\bcalls?\b|minPublished|RTCCluster/);
    const coturn = turnNodes.coturns.get(node)!;
    await eventually(() => (coturn.isDraining ? undefined : 'it was not told'), { timeoutMs: 20_000 });
    await edge.untilPods(2);
    coturn.allocations = 0;
    await edge.untilPods(1);
  }, 60_000);

  test('replaces a coturn whose allocations nobody can count when it has ended by itself', async () => {
    await two();
    for (const coturn of turnNodes.coturns.values())
      Object.assign(coturn, { allocations: 1, countsAllocations: false });
    await edge.apply({ limits: { allocationsPerUser: 3 } });
    const { node = '' } = await edge.untilMember('Draining', 'SessionsUnknown');
    const before = (await edge.status()).updateRevision;
    turnNodes.coturns.get(node)!.allocations = 0;
    await eventually(
      async () => {
        const { updatedPods = 0 } = await edge.status();
        return updatedPods >= 1 ? undefined : `${updatedPods} of revision ${before ?? ''}`;
      },
      { timeoutMs: 30_000 },
    );
    for (const coturn of turnNodes.coturns.values()) coturn.allocations = 0;
  }, 90_000);

  test('has one pod on every node that can carry one', async () => {
    await edge.apply({ placement: { mode: 'EveryNode' } });
    await edge.untilPods(3, published);
  }, 60_000);

  test('has another pod in place before one leaves a node that is being drained', async () => {
    await two();
    const [pod] = await edge.untilPods(2, published);
    const node = stage.nodeOf(pod!);
    turnNodes.coturnOf(pod!).allocations = 1;
    await stage.cluster.kubectl('cordon', node.name);
    try {
      await edge.untilMember('Draining');
      const pods = await edge.untilPods(2, published);
      expect(nodesOf(pods)).not.toContain(node.name);
    } finally {
      await stage.cluster.kubectl('uncordon', node.name);
    }
  }, 60_000);

  test('that is deleted goes when its last allocation has ended', async () => {
    await two();
    const [pod] = await edge.untilPods(2);
    turnNodes.coturnOf(pod!).allocations = 1;
    await edge.remove();
    await edge.untilPods(1);
    await edge.untilCondition('Ready', /^False Deleting$/);
    turnNodes.coturnOf(pod!).allocations = 0;
    await edge.untilGone();
  }, 60_000);

  test('that is paused is left alone', async () => {
    await two();
    await edge.annotate({ 'rtc.progressnet.gr/paused': 'maintenance' });
    await edge.apply({ placement: { replicas: 3 } });
    const message = await edge.untilCondition('Ready', /^False Paused$/);
    expect(message).toContain('turnserver edge rtc.progressnet.gr/paused-');
    await edge.untilPods(2);
    await edge.annotate({ 'rtc.progressnet.gr/paused': null });
    await edge.untilPods(3, published);
  }, 60_000);
});
