import { afterEach, describe, expect, test } from '@jest/globals';
import type { KubeApi, KubeObject } from '../../../../operator/kube/api.ts';
import { systemClock } from '../../../../operator/kube/clock.ts';
import { ForbiddenError } from '../../../../operator/kube/errors.ts';
import { silentLog } from '../../../../operator/ops/logger.ts';
import { createTurnCaches, type TurnCaches } from '../../../../operator/reconcile/turn/caches.ts';
import { eventually } from '../../../support/eventually.ts';

/** A fake, because rights are to be taken at a given moment: one TurnServer, and nothing that belongs to it. */
function api(refused: string): Pick<KubeApi, 'list' | 'watch'> {
  const server: KubeObject = {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer' },
    metadata: { name: 'edge', namespace: 'calls', uid: 'u', resourceVersion: '1' },
  };
  return {
    list({ kind }) {
      const no = { call: `list ${kind}`, status: 403, reason: 'Forbidden', message: 'no' };
      if (kind === refused) return Promise.reject(new ForbiddenError(no));
      const items = kind === 'TurnServer' ? [server] : [];
      return Promise.resolve({ items, resourceVersion: '1', continueToken: '' });
    },
    async *watch(_resource, _selection, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield* [];
    },
  };
}

let caches: TurnCaches;
afterEach(() => caches.close());

function start(refused: string): string[] {
  const changed: string[] = [];
  caches = createTurnCaches({
    ...{ kube: api(refused), clock: systemClock, log: silentLog, scopes: [''] },
    ...{ onChange: (key) => changed.push(key), onReach: () => undefined, onPod: () => undefined },
  });
  caches.start();
  return changed;
}

describe('what belongs to TurnServers', () => {
  test('and may not be listed is told by name, wakes them, and holds up nobody else', async () => {
    const changed = start('PodDisruptionBudget');
    await caches.known;
    await eventually(() => (caches.lackIn('calls') === undefined ? 'nothing is known' : undefined));
    expect(caches.lackIn('calls')).toMatchObject({
      availability: 'Forbidden',
      resource: { plural: 'poddisruptionbudgets' },
    });
    expect(caches.storesFor('calls')).toBeUndefined();
    expect(changed).toContain('TurnServer/calls/edge');
  });

  test('is watched by the vitals of the operator like all else', async () => {
    start('');
    await caches.known;
    const kinds = caches.kinds().map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual([
      'ConfigMap',
      'Pod',
      'PodDisruptionBudget',
      'Secret',
      'Service',
      'TurnServer',
    ]);
    expect(caches.lackIn('calls')).toBeUndefined();
  });
});
