import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { KubeApi } from '../../../operator/kube/api.ts';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { createReflector, type Reflector } from '../../../operator/kube/reflector.ts';
import { configMaps } from '../../../operator/kube/resources.ts';
import { createStore, type Store } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { startProxy, type ApiProxy } from '../../cluster/proxy.ts';
import { eventually } from '../../support/eventually.ts';

const namespace = 'default';

let cluster: Cluster;
let proxy: ApiProxy;
let client: KubeClient;
let mirror: Mirror;
let round = 0;

interface Mirror {
  readonly reflector: Reflector;
  readonly store: Store;
  readonly relists: string[];
  readonly ends: string[];
}

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  proxy = await startProxy(cluster);
}, 300_000);
beforeEach(() => {
  round += 1;
  client = createKubeClient({ kubeconfig: proxy.kubeconfig });
});
afterEach(async () => {
  proxy.streams.release();
  await mirror.reflector.close();
  await client.close();
});
afterAll(async () => {
  await proxy.close();
  await cluster.stop();
}, 60_000);

async function start(
  options: { kube?: KubeApi; watchdogMs?: number; pageSize?: number } = {},
): Promise<void> {
  const store = createStore();
  const relists: string[] = [];
  const ends: string[] = [];
  const reflector = createReflector({
    ...{ kube: client.api(), resource: configMaps, selection: { namespace }, store },
    ...{ clock: systemClock, log: silentLog, ...options },
    observer: { onRelist: (reason) => relists.push(reason), onWatchEnd: (reason) => ends.push(reason) },
  });
  mirror = { reflector, store, relists, ends };
  reflector.start();
  await reflector.synced;
  proxy.forget();
}

/** Waits until the mirror has (or no longer has) an object. */
async function shows(name: string, isThere = true): Promise<void> {
  await eventually(() => {
    const found = mirror.store.get({ namespace, name }) !== undefined;
    return found === isThere ? undefined : `${name} is ${found ? 'still' : 'not'} there`;
  });
}

const make = (name: string): Promise<string> => cluster.kubectl('create', 'configmap', `${name}-${round}`);
const watches = (): number => proxy.counts()['watch configmaps'] ?? 0;
const watching = (): Promise<void> =>
  eventually(() => (proxy.streams.open().length > 0 ? undefined : 'no watch is open'));

test('what comes, changes and goes is mirrored, without managedFields; the list came in pages', async () => {
  for (const name of ['p1', 'p2', 'p3']) await make(name);
  await start({ pageSize: 2 });
  await make('seen');
  await shows(`seen-${round}`);
  expect(mirror.store.get({ namespace, name: `seen-${round}` })?.metadata).not.toHaveProperty(
    'managedFields',
  );
  expect(mirror.store.get({ namespace, name: `p3-${round}` })).toMatchObject({
    kind: 'ConfigMap',
    apiVersion: 'v1',
  });
  await cluster.kubectl('delete', 'configmap', `seen-${round}`);
  await shows(`seen-${round}`, false);
  expect(mirror.relists).toEqual(['start']);
});

test('a watch that is cut goes on where it was: nothing is missed, nothing is listed', async () => {
  await start();
  await watching();
  expect(proxy.streams.cut()).toBe(1);
  await make('meanwhile');
  await shows(`meanwhile-${round}`);
  expect(mirror.relists).toEqual(['start']);
  expect(proxy.counts()).toEqual({ 'watch configmaps': watches() });
});

test('a half-open watch (held by the proxy) is found dead by its silence, and its place kept', async () => {
  await start({ watchdogMs: 1500 });
  await watching();
  proxy.streams.hold();
  await make('unseen');
  await eventually(() => (mirror.ends.includes('silent') ? undefined : 'the watchdog'));
  proxy.streams.release();
  await shows(`unseen-${round}`);
  expect(mirror.relists).toEqual(['start']);
});

test('a version from before the server’s memory, by its own answer, is listed after', async () => {
  await cluster.powerOff('control-plane'); // Its watch cache begins anew with it.
  await cluster.powerOn('control-plane');
  const real = client.api();
  let isFirst = true;
  const fromLongAgo: KubeApi = {
    ...real,
    watch(resource, selection, signal) {
      const resourceVersion = isFirst ? '1' : selection.resourceVersion;
      isFirst = false;
      return real.watch(resource, { ...selection, resourceVersion }, signal);
    },
  };
  await start({ kube: fromLongAgo });
  await eventually(() => (mirror.relists.length === 2 ? undefined : mirror.ends.join()));
  expect([mirror.relists, mirror.ends]).toEqual([['start', 'gone'], ['gone']]);
  await make('after');
  await shows(`after-${round}`);
}, 60_000);

test('an API server that is down for a while (refused by the proxy) is watched again when it is back', async () => {
  await start();
  await watching();
  const lift = proxy.fail({ kind: 'reject', status: 503 });
  proxy.streams.cut();
  await eventually(() => (watches() >= 2 ? undefined : 'a second try'));
  await make('while-down');
  lift();
  await shows(`while-down-${round}`);
});

test('an API server that loses its power and comes back is mirrored again', async () => {
  await start();
  await watching();
  await cluster.powerOff('control-plane');
  await eventually(() => (mirror.ends.length > 0 ? undefined : 'the end of the watch'));
  await cluster.powerOn('control-plane');
  await make('after-power');
  await shows(`after-power-${round}`);
}, 60_000);

test('at rest, one watch is open and nothing else is asked', async () => {
  await start();
  await watching();
  await make('quiet');
  await shows(`quiet-${round}`);
  expect(proxy.counts()).toEqual({ 'watch configmaps': 1 });
});
