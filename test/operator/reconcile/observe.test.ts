import { expect, test } from '@jest/globals';
import { annotations, labels } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { createStore, type Store } from '../../../operator/kube/store.ts';
import { observe, type Observed, type Stores } from '../../../operator/reconcile/observe.ts';
import { nowMs } from '../../support/pods.ts';

const key = { namespace: 'mattermost', name: 'calls' };
const none = createStore({ indexLabels: [labels.cluster] });

function podNamed(name: string, resourceVersion = '1'): KubeObject {
  const owner = {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' },
    ...{ name: 'calls', uid: 'u', controller: true },
  };
  const metadata = {
    ...{ namespace: key.namespace, name, uid: name, resourceVersion },
    ownerReferences: [owner],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: {} };
}

const nodeNamed = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

function storeOf(...objects: readonly KubeObject[]): Store {
  const store = createStore({ indexLabels: [labels.cluster] });
  objects.forEach((object) => store.upsert(object));
  return store;
}

function observed(pods: Store, { nodes = none, namespaces = none }: Partial<Stores> = {}): Observed {
  const clusters = storeOf({
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' },
    ...{
      metadata: { ...key, uid: 'u', generation: 1, annotations: { [annotations.bindingCopies]: 'had/env' } },
    },
    spec: { replicas: 2, binding: { namespaces: ['wants', 'served'] } },
  });
  const stores: Stores = {
    ...{ clusters, pods, nodes, services: none, configMaps: none, secrets: none },
    ...{ budgets: none, revisions: none, namespaces },
    certificates: { store: none, want: () => 'Unknown' },
    bindings: { copiesOf: () => [], reach: (name) => (name === 'served' ? 'Served' : 'Forbidden') },
  };
  return observe(key, {
    ...{ stores, nowMs, factsOf: () => undefined, nameFactsOf: () => undefined },
    ...{ canReadNodes: () => true, sfuPods: () => [] },
  })!;
}

const namesOf = ({ views, nodes }: Observed): readonly (readonly string[])[] =>
  [views, nodes ?? []].map((all) => all.map(({ name }) => name));

test('pods and nodes come in the order of their names, whoever was written last', () => {
  const pods = storeOf(podNamed('calls-sfu-10'), podNamed('calls-sfu-2'), podNamed('calls-sfu-1'));
  const nodes = storeOf(nodeNamed('n2'), nodeNamed('n1'));
  pods.upsert(podNamed('calls-sfu-1', '2'));
  const expected = [
    ['calls-sfu-1', 'calls-sfu-2', 'calls-sfu-10'],
    ['n1', 'n2'],
  ];
  expect(namesOf(observed(pods, { nodes }))).toEqual(expected);
  pods.upsert(podNamed('calls-sfu-10', '3'));
  expect(namesOf(observed(pods, { nodes }))).toEqual(expected);
});

test.each<[string, readonly string[], object]>([
  ['that it sees no namespaces', [], { wants: 'Forbidden', had: 'Forbidden', served: 'Served' }],
  ['that both are there', ['mattermost', 'wants', 'had'], { wants: 'Forbidden', had: 'Forbidden' }],
  ['that neither is there', ['mattermost'], { wants: 'Missing', had: 'Missing', served: 'Served' }],
])(
  'a namespace out of reach that wants or has the binding is missing where the operator sees it is: %s',
  (...[, names, expected]) => {
    const namespaces = storeOf(
      ...names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    );
    expect(observed(none, { namespaces }).reach).toMatchObject(expected);
  },
);
