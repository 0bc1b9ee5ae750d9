import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { trimMetadata, trimNode, trimPod } from '../../../operator/kube/trim.ts';

const metadata = {
  name: 'a',
  managedFields: [{ manager: 'x' }],
  annotations: { keep: 'me', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
};
const object = (spec: object, status: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'K',
  metadata,
  spec,
  status,
});

test('managedFields and kubectl’s copy of the object are not kept', () => {
  const trimmed = trimMetadata(object({ a: 1 }, {}));
  expect(trimmed.metadata).toEqual({ name: 'a', annotations: { keep: 'me' } });
  expect(trimmed['spec']).toEqual({ a: 1 });
});

test('of a pod’s spec only what the operator reads is kept, of its status all', () => {
  const trimmed = trimPod(
    object(
      { nodeName: 'n', containers: [{ name: 'c', ports: [], env: [] }], volumes: [] },
      { phase: 'Running' },
    ),
  );
  expect(trimmed['status']).toEqual({ phase: 'Running' });
  expect(trimmed['spec']).toEqual({ nodeName: 'n', containers: [{ name: 'c', ports: [] }] });
});

test('of a node its list of images is not kept', () => {
  const trimmed = trimNode(object({ unschedulable: true, podCIDR: 'x' }, { addresses: [], images: [{}] }));
  expect(trimmed).toMatchObject({ spec: { unschedulable: true }, status: { addresses: [] } });
  expect(trimmed['status']).not.toHaveProperty('images');
});

test('of who set what only the one is kept who asked for a state of the pod', () => {
  const key = 'rtc.progressnet.gr/requested-state';
  const field = (name: string): Record<string, unknown> => ({
    'f:metadata': { 'f:annotations': { [`f:${name}`]: {} } },
  });
  const managedFields = [
    { manager: 'rtc-operator', fieldsV1: field('rtc.progressnet.gr/drain') },
    { manager: 'kubectl-annotate', fieldsV1: field(key) },
  ];
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', annotations: { [key]: 'Draining' }, managedFields },
  };
  expect(trimPod(pod).metadata.managedFields).toEqual([{ manager: 'kubectl-annotate' }]);
});
