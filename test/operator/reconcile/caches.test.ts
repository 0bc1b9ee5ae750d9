import { afterEach, expect, test } from '@jest/globals';

import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { ForbiddenError } from '../../../operator/kube/errors.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { type Caches, createCaches } from '../../../operator/reconcile/caches.ts';
import { eventually } from '../../support/eventually.ts';

const labels = { 'rtc.progressnet.gr/cluster': 'voice' };

let caches: Caches;
afterEach(() => caches.close());

/** A fake, because no real API server has our listeners throw: one object of each kind, and then nothing happens. */
function quietApi(): Pick<KubeApi, 'list' | 'watch'> {
  return {
    list: (resource) => {
      const metadata = {
        name: 'voice',
        namespace: 'calls',
        uid: resource.kind,
        resourceVersion: '1',
        labels,
      };
      const object: KubeObject = { apiVersion: 'v1', kind: resource.kind, metadata };
      return Promise.resolve({ items: [object], resourceVersion: '1', continueToken: '' });
    },
    async *watch(_resource, _selection, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield* [];
    },
  };
}

test('a change that nobody could deal with is logged, whatever its kind, and the stores go on', async () => {
  const errors: string[] = [];
  const log = { ...silentLog, error: (_fields: object, message: string) => void errors.push(message) };
  caches = createCaches({
    ...{ kube: quietApi(), clock: systemClock, log, namespaces: [] },
    onPod: () => undefined,
    onChange: () => {
      throw new Error('the queue is broken');
    },
  });
  caches.start();
  await caches.synced;
  // An RTCCluster and its five kinds of children; a node that comes before any cluster concerns none.
  await eventually(() => (errors.length >= 6 ? undefined : `${errors.length} errors`), { timeoutMs: 2_000 });
  expect(new Set(errors)).toEqual(new Set(['A listener of a store failed']));
});

test('a right to see nodes that is missing holds nobody up, but another does, and both are known', async () => {
  const start = (refused: string): Caches => {
    const kube = quietApi();
    const list: KubeApi['list'] = (resource, options) =>
      resource.kind === refused
        ? Promise.reject(
            new ForbiddenError({ call: 'list', status: 403, reason: 'Forbidden', message: 'no' }),
          )
        : kube.list(resource, options);
    const started = createCaches({
      ...{ kube: { ...kube, list }, clock: systemClock, log: silentLog, namespaces: [] },
      ...{ onPod: () => undefined, onChange: () => undefined },
    });
    started.start();
    return started;
  };
  caches = start('Node');
  await caches.synced;
  expect([caches.canReadNodes(), caches.notSynced()]).toEqual([false, undefined]);
  await caches.close();
  caches = start('Pod');
  await eventually(() => (caches.notSynced() === 'not listed yet: Pod' ? undefined : caches.notSynced()));
  expect(caches.canReadNodes()).toBe(true);
});
