import { expect, test } from '@jest/globals';
import type { TurnServerStatus } from '../../../../operator/api/turnserver.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { annotations } from '../../../../operator/desired/names.ts';
import { secretHash } from '../../../../operator/turn/secretHash.ts';
import { authSecret, fresh, running, shared, type TurnSituation } from '../../fields/turn/situation.ts';
import { createTurnWorld } from '../../fields/turn/world.ts';

const notOurs = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels: {} },
});
const peersOfOthers: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: {} },
  metadata: { namespace: 'mattermost', name: 'edge-turn-peers' },
};

interface Settled {
  readonly status: TurnServerStatus;
  /** The message of a condition. */
  readonly condition: (type: string) => string | undefined;
  /** What the first pod was told of its files. */
  readonly data: string | undefined;
}

async function settled(situation: TurnSituation): Promise<Settled> {
  const world = createTurnWorld({ placement: { replicas: 1 } }, situation);
  const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
  const all = objects.map((text) => JSON.parse(text) as KubeObject);
  const server = all.find(({ kind }) => kind === 'TurnServer');
  const status = server?.['status'] as TurnServerStatus;
  return {
    status,
    condition: (type: string) => status.conditions?.find((one) => one.type === type)?.message,
    data: all.find(({ kind }) => kind === 'Pod')?.metadata.annotations?.[annotations.turnData],
  };
}

const spare = secretHash('spare-secret');

test('a secret that is written nowhere, because its name is taken, is told of nowhere', async () => {
  const { status, condition } = await settled({ ...fresh, others: () => [notOurs(authSecret())] });
  expect(status.secrets).toBeUndefined();
  expect(JSON.stringify(status)).not.toContain(spare);
  expect(condition('SecretsSynced')).toMatch(/Secret edge-turn exists and is not ours/);
});

test('a rotation that a pause holds back is told as it stands, and pods are told of nothing', async () => {
  const asked = { [annotations.turnRotate]: 'now', [annotations.paused]: 'x' };
  const resting = await settled(running({}));
  const { status, condition, data } = await settled({ ...running({}), metadata: { annotations: asked } });
  expect(status.secrets).toMatchObject({ rotation: 'Stable', activeHash: secretHash(shared) });
  expect(status.secrets?.accepted).toHaveLength(1);
  expect(JSON.stringify(status)).not.toContain(spare);
  expect(condition('SecretsSynced')).toMatch(/not written.*paused/i);
  expect(data).toBeUndefined();
  expect(resting.data).toMatch(/^[0-9a-f]{12}$/);
});

test('peers that are written nowhere are no news for pods', async () => {
  const spec = { peers: { allow: [{ cidr: '10.1.0.0/16' }] } };
  const taken = running({});
  const others = (): KubeObject[] => [authSecret(), peersOfOthers];
  const { data } = await settled({ ...taken, others });
  const world = createTurnWorld({ placement: { replicas: 1 }, ...spec }, { ...taken, others });
  const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
  expect(objects.join()).toContain(`"${annotations.turnData}": "${data}"`);
});
