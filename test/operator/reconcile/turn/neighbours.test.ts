import { describe, expect, test } from '@jest/globals';
import type { Reach } from '../../../../operator/desired/copyRecord.ts';
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import type { StoreReader } from '../../../../operator/kube/store.ts';
import { neighboursOf } from '../../../../operator/reconcile/turn/neighbours.ts';
import { secretHash } from '../../../../operator/turn/secretHash.ts';

const server: KubeObject = {
  apiVersion: 'v1',
  kind: 'TurnServer',
  metadata: { namespace: 'calls', name: 'edge' },
};
const cluster: KubeObject = {
  apiVersion: 'v1',
  kind: 'RTCCluster',
  metadata: { namespace: 'calls', name: 'a', annotations: { [annotations.bindingCopies]: 'chat/a-env' } },
  spec: { turn: { turnServerName: 'edge' } },
};
const copy: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'chat', name: 'a-env' },
  data: { MM_CALLS_TURN_STATIC_AUTH_SECRET: Buffer.from('old').toString('base64') },
};
const store = (...objects: readonly KubeObject[]): StoreReader => ({
  get: ({ name }) => objects.find(({ metadata }) => metadata.name === name),
  all: () => objects,
  ownedBy: () => [],
  labelled: () => [],
  size: () => objects.length,
});
const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

interface Sight {
  readonly reach: Reach;
  readonly copies?: readonly KubeObject[];
  readonly namespaces?: readonly string[];
}

function issuers({ reach, copies = [], namespaces = ['calls', 'chat'] }: Sight): unknown {
  const around = {
    ...{ clusters: store(cluster), pods: store(), secrets: store() },
    namespaces: store(...namespaces.map(namespace)),
    bindings: { reach: () => reach, copiesOf: () => copies },
  };
  return neighboursOf(server, { around, own: [] }).issuers;
}

const seen = { namespace: 'chat', secretName: 'a-env', name: 'Secret chat/a-env' };

describe('a copy of the binding in another namespace', () => {
  test('issues what is in it', () => {
    expect(issuers({ reach: 'Served', copies: [copy] })).toEqual([{ ...seen, hash: secretHash('old') }]);
  });

  test.each<Reach>(['NotAllowed', 'Forbidden', 'Unknown', 'NotServed'])(
    'that is written down and out of sight (%s) issues nobody knows what',
    (reach) => {
      expect(issuers({ reach })).toEqual([{ ...seen, isHidden: true }]);
    },
  );

  test('that is known to be gone issues nothing', () => {
    expect(issuers({ reach: 'Served' })).toEqual([]);
    expect(issuers({ reach: 'NotAllowed', namespaces: ['calls'] })).toEqual([]);
  });
});
