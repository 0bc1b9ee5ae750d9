import { expect, test } from '@jest/globals';
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { before } from '../../../support/pods.ts';
import { authSecret, running, type TurnSituation } from '../../fields/turn/situation.ts';
import { createTurnWorld } from '../../fields/turn/world.ts';

const finalizers = ['rtc.progressnet.gr/drain'];
const deletionTimestamp = new Date(before(3_600_000)).toISOString();
const ttl = 14_400_000;
const ago = (ms: number): string => new Date(before(ms)).toISOString();
/** Everybody adopted the new secret long ago. */
const overlapped = authSecret({
  keys: { previous: 'the-secret-before' },
  notes: {
    'rtc.progressnet.gr/turn-switched': ago(ttl * 2),
    'rtc.progressnet.gr/turn-adopted': ago(ttl * 2),
  },
});
const peers: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { peers: '10.0.0.1\n' } },
  metadata: {
    namespace: 'mattermost',
    name: 'edge-turn-peers',
    labels: { 'rtc.progressnet.gr/turnserver': 'edge' },
  },
};
const draining = { allocations: 1, drain: { reason: 'Deletion', agoMs: 3_600_000 } };

async function ending(situation: TurnSituation): Promise<readonly KubeObject[]> {
  const spec = { peers: { allow: [{ cidr: '10.2.0.0/16' }] } };
  const world = createTurnWorld(spec, { ...running(draining), ...situation });
  const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
  return objects.map((text) => JSON.parse(text) as KubeObject);
}
const named = (objects: readonly KubeObject[], name: string): KubeObject | undefined =>
  objects.find(({ metadata }) => metadata.name === name);

const deleted = { metadata: { finalizers, deletionTimestamp } };

test('a TurnServer that drains for its deletion still follows its peers and retires an old secret', async () => {
  const objects = await ending({ ...deleted, others: () => [overlapped, peers] });
  expect(named(objects, 'edge-turn-peers')).toMatchObject({ data: { peers: '10.2.0.0-10.2.255.255\n' } });
  expect(Object.keys(named(objects, 'edge-turn')?.['data'] as object)).toEqual(['secret']);
});

test('makes nothing anew, and begins no rotation: the garbage collector may be at work', async () => {
  const metadata = { ...deleted.metadata, annotations: { [annotations.turnRotate]: 'now' } };
  const objects = await ending({ metadata, others: () => [authSecret()] });
  expect(objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([
    ...['Node n1', 'Node n2', 'Node n3'],
    ...['Pod edge-turn-N', 'Secret edge-turn', 'TurnServer edge'],
  ]);
  expect(Object.keys(named(objects, 'edge-turn')?.['data'] as object)).toEqual(['secret']);
  expect(JSON.stringify(named(objects, 'edge'))).not.toContain('Distributing');
});

test('tells of no secret that is not there any more', async () => {
  const objects = await ending({ ...deleted, others: () => [] });
  expect(named(objects, 'edge')?.['status']).not.toHaveProperty('secrets');
});
