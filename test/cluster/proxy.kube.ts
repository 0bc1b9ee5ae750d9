import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { eventually } from '../support/eventually.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './options.ts';
import { startProxy } from './proxy.ts';
import type { ApiProxy } from './proxy.ts';

let cluster: Cluster;
let proxy: ApiProxy;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  proxy = await startProxy(cluster);
}, 120_000);
beforeEach(() => proxy.forget());
afterAll(async () => {
  await proxy.close();
  await cluster.stop();
}, 30_000);

async function through(...args: readonly string[]): Promise<string> {
  return cluster.kubectl(`--kubeconfig=${proxy.kubeconfig}`, ...args);
}

/** Names of the ConfigMaps that a watch through the proxy has seen; `end` when it ended. */
async function watchConfigMaps(): Promise<{ readonly seen: string[]; readonly abort: () => void }> {
  const config = new KubeConfig();
  config.loadFromFile(proxy.kubeconfig);
  const seen: string[] = [];
  const controller = await new Watch(config).watch(
    '/api/v1/namespaces/default/configmaps',
    {},
    (_phase, object: { metadata: { name: string } }) => void seen.push(object.metadata.name),
    () => void seen.push('end'),
  );
  await eventually(() => (seen.includes('kube-root-ca.crt') ? undefined : 'the first object'));
  return { seen, abort: () => controller.abort() };
}

test('what is asked reaches the API server, and is counted by verb and resource', async () => {
  await through('create', 'configmap', 'counted');
  await through('get', 'configmap', 'counted');
  await through('get', 'configmap', 'counted');
  expect(proxy.counts()).toMatchObject({ 'create configmaps': 1, 'get configmaps': 2 });
  expect(proxy.calls().at(-1)).toMatchObject({ namespace: 'default', name: 'counted' });
});

test('a token is passed on: its bearer’s rights count, not the administrator’s', async () => {
  const token = (await cluster.kubectl('create', 'token', 'default')).trim();
  const kubeconfig = proxy.kubeconfigWithToken(token);
  const whoami = await cluster.kubectl(`--kubeconfig=${kubeconfig}`, 'auth', 'whoami', '-o', 'json');
  expect(whoami).toContain('system:serviceaccount:default:default');
});

test('a fault meets the requests it is for, until it is lifted', async () => {
  const lift = proxy.fail({ kind: 'reject', status: 503 }, ({ resource }) => resource === 'secrets');
  await expect(through('get', 'secrets')).rejects.toThrow('503');
  await through('get', 'configmaps');
  lift();
  await through('get', 'secrets');
});

test('a request whose answer is lost was done all the same', async () => {
  const lift = proxy.fail({ kind: 'loseAnswer' }, ({ verb }) => verb === 'create');
  await expect(through('create', 'configmap', 'half-done')).rejects.toThrow();
  lift();
  expect(await through('get', 'configmap', 'half-done', '-o', 'name')).toBe('configmap/half-done\n');
});

test('a request that is held goes on when the fault is lifted', async () => {
  const lift = proxy.fail({ kind: 'hold' }, ({ resource }) => resource === 'endpoints');
  const held = through('get', 'endpoints');
  await eventually(() => (proxy.counts()['list endpoints'] === 1 ? undefined : 'the request'));
  lift();
  expect(await held).toContain('kubernetes');
});

test('a watch comes through, can be cut, and its client learns of it', async () => {
  const { seen } = await watchConfigMaps();
  await cluster.kubectl('create', 'configmap', 'watched');
  await eventually(() => (seen.includes('watched') ? undefined : `seen: ${seen.join(' ')}`));
  expect(proxy.streams.open().map(({ resource }) => resource)).toEqual(['configmaps']);
  expect(proxy.streams.cut()).toBe(1);
  await eventually(() => (seen.includes('end') ? undefined : 'the end of the watch'));
});

test('a watch that is held is silent but open; what it missed comes when it is released', async () => {
  const { seen, abort } = await watchConfigMaps();
  proxy.streams.hold();
  await cluster.kubectl('create', 'configmap', 'late');
  await cluster.kubectl('get', 'configmap', 'late');
  expect(seen).not.toContain('late');
  expect(seen).not.toContain('end');
  proxy.streams.release();
  await eventually(() => (seen.includes('late') ? undefined : `seen: ${seen.join(' ')}`));
  abort();
});

test('a watch that is silenced stays open and says nothing more, while the next one is heard', async () => {
  const { seen, abort } = await watchConfigMaps();
  proxy.streams.silence();
  await cluster.kubectl('create', 'configmap', 'unheard');
  const next = await watchConfigMaps();
  await eventually(() => (next.seen.includes('unheard') ? undefined : `seen: ${next.seen.join(' ')}`));
  expect(seen).not.toContain('unheard');
  expect(seen).not.toContain('end');
  abort();
  next.abort();
});

test('a witness sees each write before and after it, and may keep the answer from the client', async () => {
  const told: string[] = [];
  const watched = await startProxy(cluster, {
    witness: {
      before: ({ verb, resource }, body) => {
        told.push(`before ${verb} ${resource} ${(body as { metadata: { name: string } }).metadata.name}`);
        return Promise.resolve();
      },
      after: async (_, body) => {
        const { name } = (body as { metadata: { name: string } }).metadata;
        told.push(`after ${(await cluster.kubectl('get', 'configmap', name, '-o', 'name')).trim()}`);
        return name === 'kept' ? 'lose' : 'answer';
      },
    },
  });
  // From a manifest: what kubectl makes itself it sends as protobuf.
  const create = (name: string): Promise<string> => {
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    const flags = [`--kubeconfig=${watched.kubeconfig}`, '--namespace=default'];
    return cluster.kubectlWithInput(manifest, ...flags, 'create', '-f', '-');
  };
  await create('told');
  await expect(create('kept')).rejects.toThrow();
  await watched.close();
  expect(told).toEqual([
    'before create configmaps told',
    'after configmap/told',
    'before create configmaps kept',
    'after configmap/kept',
  ]);
});
