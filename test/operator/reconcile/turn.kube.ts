/** The operator looks after a TurnServer, on a real API server and its controllers; scheduler, kubelets, agents and coturns are faked. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { annotations } from '../../../operator/desired/names.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { runCli, type Ran } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { serveOperatorPod } from '../../support/operatorPod.ts';
import { nodesOf, published, turnActsOn } from './turnActs.ts';

const acts = turnActsOn({ nodes: 3 });
let pod: { close(): Promise<void> };
beforeAll(async () => {
  pod = await serveOperatorPod(acts.stage, () => acts.operator.operator);
}, 60_000);
afterAll(() => pod.close());
beforeEach(() => acts.begin(), 60_000);
afterEach(() => acts.end(), 120_000);

describe('a TurnServer', () => {
  test('gets its pods, one per node, with a secret that each of them was seen to take', async () => {
    await acts.two();
    const pods = await acts.edge.untilPods(2, published);
    expect(new Set(nodesOf(pods)).size).toBe(2);
    const { secret = '' } = await acts.edge.secret('edge-turn');
    const { secrets, uris = [], allocations } = await acts.edge.status();
    expect(secrets).toMatchObject({ activeHash: secretHash(secret), rotation: 'Stable' });
    expect(uris).toContain(`turn:${acts.stage.nodeOf(pods[0]!).address}:3478?transport=udp`);
    expect(allocations).toMatchObject({ current: 0, unknownPods: 0 });
    const variables = await acts.edge.secret('edge-ice-servers');
    expect(variables['MM_CALLS_TURN_STATIC_AUTH_SECRET']).toBe(secret);
    await eventually(async () => {
      const { MM_CALLS_ICE_SERVERS_CONFIGS = '' } = await acts.edge.secret('edge-ice-servers');
      const missing = uris.find((uri) => !MM_CALLS_ICE_SERVERS_CONFIGS.includes(uri));
      return missing === undefined ? undefined : `${missing} is not in ${MM_CALLS_ICE_SERVERS_CONFIGS}`;
    });
  }, 60_000);

  test('at rest changes nothing', async () => {
    await acts.two();
    await acts.untilRest();
  }, 60_000);

  test('whose secret has the name of somebody else’s says so, and changes nothing from then on', async () => {
    await acts.stage.kube.create(resources.secrets, {
      ...{ apiVersion: 'v1', kind: 'Secret', stringData: { secret: 'theirs' } },
      metadata: { namespace: acts.edge.namespace, name: 'edge-turn' },
    });
    await acts.edge.apply({});
    expect(await acts.edge.untilCondition('Ready', /^False NameTaken$/)).toContain('Secret edge-turn exists');
    await acts.untilRest();
    expect((await acts.edge.status()).secrets).toBeUndefined();
  }, 60_000);

  test('that is paused and is to rotate its secret asks for nothing and tells of no other secret', async () => {
    await acts.two();
    await acts.untilRest();
    const { secrets } = await acts.edge.status();
    await acts.edge.annotate({
      ...{ 'rtc.progressnet.gr/paused': 'maintenance', 'rtc.progressnet.gr/turn-rotate': 'now' },
    });
    await acts.edge.untilCondition('Ready', /^False Paused$/);
    await acts.untilRest();
    expect((await acts.edge.status()).secrets).toEqual(secrets);
    expect(Object.keys(await acts.edge.secret('edge-turn'))).toEqual(['secret']);
  }, 60_000);

  test('drains the pod that is one too many, and deletes it when its last allocation has ended', async () => {
    await acts.two();
    for (const coturn of acts.nodes.coturns.values()) coturn.allocations = 1;
    await acts.edge.apply({ placement: { replicas: 1 } });
    const { node = '', message } = await acts.edge.untilMember('Draining', 'SessionsActive');
    expect(message).toMatch(/allocations/);
    expect(message).not.toMatch(/\bcalls?\b|minPublished|RTCCluster/);
    const coturn = acts.nodes.coturns.get(node)!;
    await eventually(() => (coturn.isDraining ? undefined : 'it was not told'), { timeoutMs: 20_000 });
    await acts.edge.untilPods(2);
    coturn.allocations = 0;
    await acts.edge.untilPods(1);
  }, 60_000);

  test('drains on when somebody takes the annotations of a drain away: coturn cannot', async () => {
    await acts.two();
    const [pod] = await acts.edge.untilPods(2, published);
    const coturn = acts.nodes.coturnOf(pod!);
    coturn.allocations = 1;
    await acts.annotatePod(pod!, { [annotations.requestedState]: 'Draining' });
    await eventually(() => (coturn.isDraining ? undefined : 'it was not told'), { timeoutMs: 30_000 });
    const marks = [annotations.drain, annotations.drainStarted, annotations.drainDeadline];
    const none = Object.fromEntries([...marks, annotations.requestedState].map((key) => [key, null]));
    await acts.annotatePod(pod!, none);
    const { message } = await acts.edge.untilMember('Draining', 'SessionsActive');
    expect(message).toMatch(/cannot take (that|a drain) back/);
    await acts.edge.untilPods(2, published);
    coturn.allocations = 0;
    await acts.edge.untilPods(2);
  }, 90_000);

  test('replaces a coturn whose allocations nobody can count when it has ended by itself', async () => {
    await acts.two();
    for (const coturn of acts.nodes.coturns.values())
      Object.assign(coturn, { allocations: 1, countsAllocations: false });
    await acts.edge.apply({ limits: { allocationsPerUser: 3 } });
    const { node = '' } = await acts.edge.untilMember('Draining', 'SessionsUnknown');
    const before = (await acts.edge.status()).updateRevision;
    acts.nodes.coturns.get(node)!.allocations = 0;
    await eventually(
      async () => {
        const { updatedPods = 0 } = await acts.edge.status();
        return updatedPods >= 1 ? undefined : `${updatedPods} of revision ${before ?? ''}`;
      },
      { timeoutMs: 30_000 },
    );
    for (const coturn of acts.nodes.coturns.values()) coturn.allocations = 0;
  }, 90_000);

  test('has one pod on every node that can carry one', async () => {
    await acts.edge.apply({ placement: { mode: 'EveryNode' } });
    await acts.edge.untilPods(3, published);
  }, 60_000);

  test('has another pod in place before one leaves a node that is being drained', async () => {
    await acts.two();
    const [pod] = await acts.edge.untilPods(2, published);
    const node = acts.stage.nodeOf(pod!);
    acts.nodes.coturnOf(pod!).allocations = 1;
    await acts.stage.cluster.kubectl('cordon', node.name);
    try {
      await acts.edge.untilMember('Draining');
      const pods = await acts.edge.untilPods(2, published);
      expect(nodesOf(pods)).not.toContain(node.name);
    } finally {
      await acts.stage.cluster.kubectl('uncordon', node.name);
    }
  }, 60_000);

  test('that is deleted goes when its last allocation has ended', async () => {
    await acts.two();
    const [pod] = await acts.edge.untilPods(2);
    acts.nodes.coturnOf(pod!).allocations = 1;
    await acts.edge.remove();
    await acts.edge.untilPods(1);
    await acts.edge.untilCondition('Ready', /^False Deleting$/);
    acts.nodes.coturnOf(pod!).allocations = 0;
    await acts.edge.untilGone();
  }, 60_000);

  test('that is paused is left alone', async () => {
    await acts.two();
    await acts.edge.annotate({ 'rtc.progressnet.gr/paused': 'maintenance' });
    await acts.edge.apply({ placement: { replicas: 3 } });
    const message = await acts.edge.untilCondition('Ready', /^False Paused$/);
    expect(message).toContain('turnserver edge rtc.progressnet.gr/paused-');
    await acts.edge.untilPods(2);
    await acts.edge.annotate({ 'rtc.progressnet.gr/paused': null });
    await acts.edge.untilPods(3, published);
  }, 60_000);
});

describe('kubectl rtc', () => {
  const rtc = (...words: readonly string[]): Promise<Ran> =>
    runCli([...words, '--kubeconfig', acts.stage.cluster.kubeconfig, '-n', acts.edge.namespace]);

  test('why and plan tell of a TurnServer what its operator decides, and no value of its Secrets', async () => {
    await acts.two();
    await acts.untilRest();
    const plan = await rtc('plan', 'turnserver/edge');
    expect(plan).toMatchObject({ exitCode: 0, out: expect.stringContaining('Nothing would be done now.') });
    const why = await rtc('why', 'turnserver/edge');
    expect(why).toMatchObject({ exitCode: 0, err: '' });
    expect(why.out).toMatch(/edge-turn-\d on \S+: Published, published, 0 allocations/);
    expect(why.out).toContain('TURN secret');
    expect(await rtc('why', 'edge')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is turnserver/edge: write that'),
    });
    const { secret = '' } = await acts.edge.secret('edge-turn');
    const { adminKey = '' } = await acts.edge.secret('edge-turn-agent');
    const record = JSON.stringify(
      acts.operator.operator.records.turnservers.recordOf({ namespace: acts.edge.namespace, name: 'edge' }),
    );
    expect(record).toContain('edge-turn-agent');
    for (const value of [secret, adminKey]) {
      expect(value.length).toBeGreaterThan(20);
      expect(record).not.toContain(value);
      expect(record).not.toContain(Buffer.from(value).toString('base64'));
    }
  }, 60_000);
});
