import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import { createKubeClient, type KubeClient, type KubeClientOptions } from '../../../operator/kube/client.ts';
import { configMaps, pods, rtcclusters, secrets } from '../../../operator/kube/resources.ts';
import { FencedError } from '../../../operator/kube/errors.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { applyStatus } from '../../../operator/reconcile/apply.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { installKinds } from '../../support/kubeStage.ts';

let cluster: Cluster;
let proxy: ApiProxy;
let client: KubeClient;
let kube: KubeApi;
const lifts: (() => void)[] = [];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  proxy = await startProxy(cluster);
}, 300_000);
beforeEach(() => {
  proxy.forget();
  client = connect();
  kube = client.api();
});
afterEach(async () => {
  lifts.splice(0).forEach((lift) => lift());
  await client.close();
});
afterAll(async () => {
  await proxy.close();
  await cluster.stop();
}, 60_000);

const namespace = 'default';

function connect(options: Partial<KubeClientOptions> = {}): KubeClient {
  return createKubeClient({ kubeconfig: proxy.kubeconfig, ...options });
}

function configMap(name: string, data: Record<string, string> = { a: '1' }): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

const fail = (...fault: Parameters<ApiProxy['fail']>): void => void lifts.push(proxy.fail(...fault));
const refused = (name: string, reason: string): unknown => expect.objectContaining({ name, reason });

test('the server says which version it is', async () => {
  expect(await client.serverVersion()).toMatch(/^v1\.\d+\.\d+/);
});

describe('each verb does what it says', () => {
  test('create, get, list by label, merge patch, replace, delete', async () => {
    const created = await kube.create(configMaps, configMap('verbs'));
    const { uid } = created.metadata;
    const patch = { metadata: { labels: { shown: 'yes' } }, data: { a: null, b: '2' } };
    await kube.mergePatch(configMaps, { namespace, name: 'verbs' }, patch);
    const got = await kube.get(configMaps, { namespace, name: 'verbs' });
    expect(got['data']).toEqual({ b: '2' });
    const page = await kube.list(configMaps, { namespace, labelSelector: 'shown=yes', limit: 10 });
    expect(page.items).toMatchObject([{ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'verbs' } }]);
    await kube.replace(configMaps, { ...got, data: { c: '3' } });
    await kube.delete(configMaps, { namespace, name: 'verbs' }, { uid: uid! });
    await expect(kube.get(configMaps, { namespace, name: 'verbs' })).rejects.toEqual(
      refused('NotFoundError', 'NotFound'),
    );
  });

  test('a long list comes in pages and is complete', async () => {
    for (let index = 0; index < 7; index++) await kube.create(configMaps, configMap(`page-${index}`));
    const names: string[] = [];
    let continueToken = '';
    do {
      const more = continueToken === '' ? {} : { continueToken };
      const page = await kube.list(configMaps, { namespace, limit: 3, ...more });
      expect(page.items.length).toBeLessThanOrEqual(3);
      names.push(...page.items.map(({ metadata }) => metadata.name));
      ({ continueToken } = page);
    } while (continueToken !== '');
    expect(names.filter((name) => name.startsWith('page-'))).toHaveLength(7);
  });
});

describe('an apply', () => {
  test('makes the object, then changes nothing when nothing changed: the version stays', async () => {
    const first = await kube.apply(configMaps, configMap('applied'));
    const second = await kube.apply(configMaps, configMap('applied'));
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('owns its fields under our name, takes back what others did to them and leaves theirs alone', async () => {
    await kube.apply(configMaps, configMap('owned'));
    await cluster.kubectl('patch', 'configmap', 'owned', '-p', '{"data":{"a":"theirs","b":"theirs"}}');
    const applied = await kube.apply(configMaps, configMap('owned'));
    expect(applied['data']).toEqual({ a: '1', b: 'theirs' });
    expect(applied.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'rtc-operator', operation: 'Apply' }),
    );
  });
});

test('a status decided for a deleted object is not given to the next one of its name', async () => {
  await installKinds(cluster);
  const metadata = { namespace, name: 'again' };
  const object = {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata,
    spec: { replicas: 1 },
  };
  const former = await kube.create(rtcclusters, object);
  await kube.delete(rtcclusters, metadata, { uid: former.metadata.uid! });
  await kube.create(rtcclusters, object);
  const deps = { kube, log: silentLog, onWritten: () => undefined, wallMs: () => 0 };
  await applyStatus({ object: former, latest: former }, { replicas: 7 }, deps);
  const now = await kube.get(rtcclusters, metadata);
  expect(now['status']).not.toHaveProperty('replicas');
  await applyStatus({ object: now, latest: now }, { replicas: 7 }, deps);
  expect((await kube.get(rtcclusters, metadata))['status']).toMatchObject({ replicas: 7 });
});

describe('a refusal is an error the caller can act on', () => {
  test('a delete of another object of that name: Conflict, and the object stays', async () => {
    await kube.create(configMaps, configMap('kept'));
    const deletion = kube.delete(configMaps, { namespace, name: 'kept' }, { uid: 'another-uid' });
    await expect(deletion).rejects.toEqual(refused('ConflictError', 'Conflict'));
    await kube.get(configMaps, { namespace, name: 'kept' });
  });

  test('a delete decided on an older version: Conflict', async () => {
    const { metadata } = await kube.create(configMaps, configMap('moved-on'));
    await kube.apply(configMaps, configMap('moved-on', { b: '2' }));
    const meant = { uid: metadata.uid!, resourceVersion: metadata.resourceVersion! };
    await expect(kube.delete(configMaps, { namespace, name: 'moved-on' }, meant)).rejects.toEqual(
      refused('ConflictError', 'Conflict'),
    );
  });

  test('a replace of an older version: Conflict; a second create: AlreadyExists', async () => {
    const created = await kube.create(configMaps, configMap('twice'));
    await kube.replace(configMaps, { ...created, data: {} });
    await expect(kube.replace(configMaps, created)).rejects.toEqual(refused('ConflictError', 'Conflict'));
    await expect(kube.create(configMaps, configMap('twice'))).rejects.toEqual(
      refused('AlreadyExistsError', 'AlreadyExists'),
    );
  });

  test('an object the server will never take: Invalid, with the field in the message', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'empty', namespace },
      spec: { containers: [] },
    };
    const creation = kube.create(pods, pod);
    await expect(creation).rejects.toEqual(refused('InvalidError', 'Invalid'));
    await expect(creation).rejects.toThrow(/^create pods default\/empty: .*spec\.containers/);
  });

  test('what RBAC does not allow: Forbidden, naming verb and kind', async () => {
    const token = (await cluster.kubectl('create', 'token', 'default')).trim();
    const stranger = connect({ kubeconfig: proxy.kubeconfigWithToken(token) });
    const reading = stranger.api().list(secrets, { limit: 1 });
    await expect(reading).rejects.toEqual(refused('ForbiddenError', 'Forbidden'));
    await expect(reading).rejects.toThrow(/cannot list resource "secrets"/);
    await stranger.close();
  });
});

describe('when the network fails (faults made by a proxy)', () => {
  test('an idempotent call whose answer was lost is repeated', async () => {
    fail({ kind: 'loseAnswer' }, ({ verb }) => verb === 'patch' && proxy.counts()['patch configmaps'] === 1);
    await kube.apply(configMaps, configMap('repeated'));
    expect(proxy.counts()).toEqual({ 'patch configmaps': 2 });
  });

  test('a create whose answer was lost is not: the error says that it may have happened', async () => {
    fail({ kind: 'loseAnswer' }, ({ verb }) => verb === 'create');
    await expect(kube.create(configMaps, configMap('unknown'))).rejects.toEqual(
      expect.objectContaining({ name: 'UnavailableError', isOutcomeUnknown: true }),
    );
    expect(proxy.counts()).toEqual({ 'create configmaps': 1 });
    await kube.get(configMaps, { namespace, name: 'unknown' });
  });

  test('a throttled create is repeated: it had not happened', async () => {
    fail({ kind: 'reject', status: 429 }, () => proxy.counts()['create configmaps'] === 1);
    await kube.create(configMaps, configMap('throttled'));
    expect(proxy.counts()).toEqual({ 'create configmaps': 2 });
  });

  test('a call without an answer ends by itself, and is not repeated', async () => {
    fail({ kind: 'hold' });
    const hasty = client.api({ timeoutMs: 2000 });
    await expect(hasty.get(configMaps, { namespace, name: 'x' })).rejects.toEqual(
      expect.objectContaining({ name: 'UnavailableError', reason: 'Timeout' }),
    );
    expect(proxy.counts()).toEqual({ 'get configmaps': 1 });
  });
});

test('200 reads in turn take two connections at most, 200 at once no more than 16', async () => {
  let connections = 0;
  const count = (): void => void (connections += 1);
  const read = (): Promise<unknown> => kube.get(configMaps, { namespace, name: 'kube-root-ca.crt' });
  subscribe('undici:client:connected', count);
  for (let index = 0; index < 200; index++) await read();
  expect(connections).toBeLessThanOrEqual(2);
  await Promise.all(Array.from({ length: 200 }, read));
  expect(connections).toBeLessThanOrEqual(16);
  unsubscribe('undici:client:connected', count);
});

test('a shut fence lets reads out and no write', async () => {
  const shut = {
    writeBudgetMs: (call: string): number => {
      throw new FencedError(call, 'refused: not the leader');
    },
  };
  const fenced = client.api({ fence: shut });
  await fenced.get(configMaps, { namespace, name: 'kube-root-ca.crt' });
  const object = configMap('fenced');
  const key = { namespace, name: 'fenced' };
  for (const write of [
    () => fenced.create(configMaps, object),
    () => fenced.apply(configMaps, object),
    () => fenced.mergePatch(configMaps, key, {}),
    () => fenced.replace(configMaps, object),
    () => fenced.delete(configMaps, key, { uid: 'u' }),
  ])
    await expect(write()).rejects.toThrow(/configmaps default\/fenced: refused: not the leader/);
  expect(proxy.counts()).toEqual({ 'get configmaps': 1 });
});

test('every try is reported with RBAC verb, kind and code', async () => {
  const reports: string[] = [];
  const counting = connect({
    onRequest: ({ verb, resource, code }) => reports.push(`${verb} ${resource.plural} ${code}`),
  });
  await counting.api().get(configMaps, { namespace, name: 'kube-root-ca.crt' });
  await expect(counting.api().get(pods, { namespace, name: 'none' })).rejects.toThrow();
  await counting.close();
  expect(reports).toEqual(['get configmaps 200', 'get pods 404']);
});
