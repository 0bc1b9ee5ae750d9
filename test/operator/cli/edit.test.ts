/** One edit against an API server that is played: another writer is there at the wrong moment. */
import { expect, test } from '@jest/globals';
import type { Session } from '../../../operator/cli/session.ts';
import { makeReservation } from '../../../operator/cli/verbs/edits.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { ConflictError } from '../../../operator/kube/errors.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const event = {
  name: 'town-hall',
  start: '2027-01-12T14:00:00Z',
  end: '2027-01-12T16:00:00Z',
  sessions: 250,
};
const auto = { mode: 'Auto', minPods: 1, maxPods: 3, target: { sessionsPerPod: 100 } };

/** The object that is read changes with every try, and `conflicts` writes are refused. */
function played(conflicts: number): { readonly session: Session; readonly patches: unknown[] } {
  const patches: unknown[] = [];
  let version = 1;
  const read = (): KubeObject => {
    const others = version > 1 ? [{ ...event, name: 'by-another' }] : [];
    const cluster = aCluster({ replicas: undefined, scaling: { ...auto, reservations: others } });
    return {
      ...cluster,
      metadata: { ...cluster.metadata, resourceVersion: String(version) },
    } as unknown as KubeObject;
  };
  const kube = {
    mergePatch: (_resource: unknown, _key: unknown, patch: unknown) => {
      patches.push(patch);
      if (version > conflicts) return Promise.resolve(read());
      version++;
      return Promise.reject(
        new ConflictError({ call: 'patch', status: 409, reason: 'Conflict', message: 'modified' }),
      );
    },
  };
  const session = { kube, namespace: 'mattermost', all: () => Promise.resolve([read()]) };
  return { session: session as unknown as Session, patches };
}

test('an edit that somebody was faster than is decided anew on what is there then', async () => {
  const { session, patches } = played(1);
  await makeReservation(session, 'calls', { ...event, nowMs: 0 });
  expect(patches).toMatchObject([
    { metadata: { resourceVersion: '1' }, spec: { scaling: { reservations: [event] } } },
    {
      metadata: { resourceVersion: '2' },
      spec: { scaling: { reservations: [{ name: 'by-another' }, event] } },
    },
  ]);
});

test('an edit that somebody is always faster than ends with what the API server says', async () => {
  const { session, patches } = played(100);
  await expect(makeReservation(session, 'calls', { ...event, nowMs: 0 })).rejects.toThrow(ConflictError);
  expect(patches.length).toBeGreaterThan(3);
});
