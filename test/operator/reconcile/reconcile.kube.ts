/** The whole operator on a real API server and its controllers; scheduler, nodes, kubelets and SFUs are faked. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { isEqual } from '../../../operator/reconcile/owned.ts';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { actsOn, base, namesOf, published } from './acts.ts';

const acts = actsOn({ nodes: 3 });

/** Each pod was asked twice after the last reconcile: there is nothing left that could lead to another. */
async function untilAtRest(): Promise<void> {
  const sfus = (await acts.calls.untilPods(2)).map((pod) => acts.stage.nodeOf(pod).sfu);
  let reconciles = -1;
  let asked: readonly number[] = [];
  await eventually(async () => {
    const now = await acts.operator.reconciles();
    if (now !== reconciles) asked = sfus.map(({ requests }) => requests.length);
    reconciles = now;
    return sfus.every(({ requests }, index) => requests.length >= (asked[index] ?? 0) + 2)
      ? undefined
      : `two looks at each pod without news, after ${now} reconciles`;
  });
}

describe('an RTCCluster of two pods', () => {
  beforeAll(async () => {
    await acts.begin();
    await acts.two();
  }, 60_000);
  afterAll(() => acts.end(), 60_000);

  test('has its children, and both pods in the Service', async () => {
    const pods = await acts.calls.untilPods(2, published);
    expect(new Set(pods.map(acts.stage.nodeOf)).size).toBe(2);
    expect(namesOf(await acts.calls.list(resources.configMaps))).toEqual(['calls-sfu']);
    expect(namesOf(await acts.calls.list(resources.podDisruptionBudgets))).toEqual(['calls-sfu']);
    expect(namesOf(await acts.calls.list(resources.secrets))).toEqual([
      'calls-admin',
      'calls-client-mattermost',
      'calls-mattermost-env',
    ]);
    await eventually(async () => {
      const path = 'jsonpath={.items[*].endpoints[*].addresses[0]}';
      const found = await acts.stage.cluster.kubectl(
        'get',
        '-n',
        acts.calls.namespace,
        'endpointslices',
        '-o',
        path,
      );
      const addresses = pods.map((pod) => acts.stage.nodeOf(pod).address).toSorted();
      return isEqual(found.split(' ').toSorted(), addresses)
        ? undefined
        : `addresses in the Service: ${found}`;
    });
  });

  test('says so in one line', async () => {
    const line = await acts.stage.cluster.kubectl('get', '-n', acts.calls.namespace, 'rtc', '--no-headers');
    expect(line.split(/\s+/).slice(0, 7)).toEqual(['calls', '2', '2', '0', '0', 'True', 'AllPublished']);
  });

  test('has private addresses, and a condition says so', async () => {
    await acts.calls.untilCondition('AddressesResolved', /^True PrivateAddress$/);
  });

  test('asks every pod with its admin key', async () => {
    const { data } = (await acts.stage.kube.get(resources.secrets, {
      namespace: acts.calls.namespace,
      name: 'calls-admin',
    })) as unknown as { data: { adminKey: string } };
    for (const pod of await acts.calls.untilPods(2))
      expect(acts.stage.nodeOf(pod).sfu.requests.at(-1)?.password).toBe(
        Buffer.from(data.adminKey, 'base64').toString(),
      );
  });

  test('tells what happened as events', async () => {
    await eventually(async () => {
      const path = 'jsonpath={.items[*].reason}';
      const found = new Set(
        (await acts.stage.cluster.kubectl('get', '-n', acts.calls.namespace, 'events', '-o', path)).split(
          ' ',
        ),
      );
      return found.has('CreatedPod') && found.has('Published') ? undefined : [...found].join(', ');
    });
  });

  test('sends no request when nothing is to be done', async () => {
    await acts.calls.untilCondition('Ready', /^True/);
    const before = await acts.operator.reconciles();
    acts.stage.proxy.forget();
    for (const version of ['1.2.7', '1.2.6']) {
      const so = await acts.operator.reconciles();
      for (const { sfu } of acts.stage.fakes.nodes) sfu.version = version; // News that changes no decision.
      await eventually(async () =>
        (await acts.operator.reconciles()) > so ? undefined : 'no reconcile yet',
      );
    }
    const reconciles = (await acts.operator.reconciles()) - before;
    expect(reconciles).toBeGreaterThan(1);
    expect(acts.stage.proxy.counts()).toEqual({});
    await keepFigures('no-op-reconcile', { reconciles, requests: acts.stage.proxy.calls().length });
  });

  test('takes ten edits that are seen at once for two at most', async () => {
    const key = { namespace: acts.calls.namespace, name: 'calls' };
    await untilAtRest();
    const before = await acts.operator.reconciles();
    acts.stage.proxy.streams.hold();
    for (let edit = 1; edit <= 10; edit += 1)
      await acts.stage.kube.mergePatch(resources.rtcclusters, key, {
        spec: { update: { progressDeadlineSeconds: 900 + edit } },
      });
    acts.stage.proxy.streams.release();
    const { generation } = (await acts.stage.kube.get(resources.rtcclusters, key)).metadata;
    await eventually(async () =>
      (await acts.calls.status()).observedGeneration === generation ? undefined : 'the last edit is not seen',
    );
    await untilAtRest();
    const reconciles = (await acts.operator.reconciles()) - before;
    expect(reconciles).toBeLessThanOrEqual(2);
    await keepFigures('ten-edits', { edits: 10, reconciles });
  });

  test('is only read by an operator that starts again; its Secrets stay', async () => {
    const secrets = JSON.stringify(
      (await acts.calls.list(resources.secrets)).map((secret) => secret['data']),
    );
    await acts.operator.stop();
    acts.stage.proxy.forget();
    acts.startAgain();
    await eventually(async () => ((await acts.operator.reconciles()) > 0 ? undefined : 'no reconcile yet'));
    expect(Object.keys(acts.stage.proxy.counts()).filter((call) => !/^(list|watch) /.test(call))).toEqual([]);
    expect(JSON.stringify((await acts.calls.list(resources.secrets)).map((secret) => secret['data']))).toBe(
      secrets,
    );
  });

  test('heals what somebody else changed or deleted', async () => {
    const key = { namespace: acts.calls.namespace, name: 'calls-sfu' };
    await acts.stage.cluster.kubectl('delete', '-n', acts.calls.namespace, 'service', 'calls-rtcd');
    await acts.stage.kube.mergePatch(resources.configMaps, key, { data: { 'config.toml': 'broken' } });
    await eventually(async () => {
      const config = JSON.stringify((await acts.stage.kube.get(resources.configMaps, key))['data']);
      const services = namesOf(await acts.calls.list(resources.services));
      return services.length === 1 && !config.includes('broken') ? undefined : `${config} ${services.join()}`;
    });
  });

  test('replaces a pod that was killed', async () => {
    const [pod] = await acts.calls.untilPods(2, published);
    const { namespace = '', name, uid = '' } = pod!.metadata;
    await acts.stage.kube.delete(resources.pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
    await eventually(async () => {
      const now = await acts.calls.list(resources.pods, published);
      return now.length === 2 && !now.some(({ metadata }) => metadata.uid === uid)
        ? undefined
        : namesOf(now).join();
    });
  });

  test('lets nobody evict a pod in DNS, not ready or not, for a call may have begun; autoscalers are told', async () => {
    const [pod] = await acts.calls.untilPods(2, 'rtc.progressnet.gr/busy=true');
    expect(pod!.metadata.annotations).toMatchObject({ 'karpenter.sh/do-not-disrupt': 'true' });
    await expect(acts.evict(pod!)).rejects.toThrow(/disruption budget/);
    acts.stage.nodeOf(pod!).crash = { exitCode: 1, message: 'for the test' };
    await acts.calls.untilMember('Failed', 'ContainerCrashed');
    await expect(acts.evict(pod!)).rejects.toThrow(/disruption budget/);
    acts.stage.nodeOf(pod!).crash = undefined;
    await acts.calls.untilPods(2, published);
  });
});

describe('an RTCCluster beside another that wants the same ports', () => {
  beforeAll(async () => {
    await acts.begin();
    await acts.two();
  }, 60_000);
  afterAll(() => acts.end(), 60_000);

  test('tells how many nodes are left for it when the other takes one, and when it gives it back', async () => {
    await acts.calls.untilCondition('NodesSufficient', /^True EnoughNodes$/);
    const { namespace } = acts.calls;
    const metadata = { namespace, name: 'neighbour' };
    const { kube } = acts.stage;
    const object = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', metadata };
    const { uid = '' } = (
      await kube.create(resources.rtcclusters, { ...object, spec: { ...base, replicas: 1 } })
    ).metadata;
    await acts.calls.untilPods(3, published);
    await acts.calls.untilCondition('NodesSufficient', /^True NoSpareNode$/);
    await kube.delete(resources.rtcclusters, metadata, { uid });
    await acts.calls.untilPods(2);
    await acts.calls.untilCondition('NodesSufficient', /^True EnoughNodes$/);
  }, 60_000);
});
