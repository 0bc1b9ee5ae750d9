import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { trimNode, trimPod } from '../../../operator/kube/trim.ts';
import { nodeKeys } from '../../../operator/reconcile/keys.ts';
import { guessedNode, nodeView, portsTaken } from '../../../operator/reconcile/nodeView.ts';

const labels = { 'topology.kubernetes.io/zone': 'b' };
const node = (ready: string, heartbeat: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: heartbeat }] },
});

describe('a node, as the fleet sees it', () => {
  test('is what its object says', () => {
    const taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule', timeAdded: '2026-11-23T11:00:00Z' }];
    expect(nodeView(trimNode(node('True', '1', { unschedulable: true, taints })))).toEqual({
      name: 'n1',
      isReady: true,
      isCordoned: true,
      labels,
      annotations: {},
      taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
      addresses: [],
      zone: 'b',
    });
  });

  test('concerns every cluster when something changed: it may carry a pod of any', () => {
    const change = { previous: node('True', '1'), current: node('False', '2') };
    expect(nodeKeys(change, ['a/calls', 'b/calls'])).toEqual(['a/calls', 'b/calls']);
  });

  test('concerns nobody when it only says that it lives', () => {
    expect(nodeKeys({ previous: node('True', '1'), current: node('True', '2') }, ['a/calls'])).toEqual([]);
  });
});

test('a node that is not ours to see is guessed from its pod: ready, open, with the address of the host', () => {
  const pod = (fields: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    ...fields,
  });
  expect(guessedNode(pod({ spec: { nodeName: 'n1' }, status: { hostIP: '10.0.0.5' } }))).toMatchObject({
    ...{ name: 'n1', isReady: true, isCordoned: false, taints: [] },
    addresses: [{ type: 'InternalIP', address: '10.0.0.5' }],
  });
  expect(guessedNode(pod({ spec: { nodeName: 'n1' } }))?.addresses).toEqual([]);
  expect(guessedNode(pod({ spec: {} }))).toBeUndefined();
});

test('the ports that pods take are told by node, of pods that have one', () => {
  const pod = (name: string, spec: object): KubeObject =>
    trimPod({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  const ports = [
    { hostPort: 8443, name: 'api' },
    { hostPort: 8045, protocol: 'UDP' },
    { containerPort: 9000 },
  ];
  const containers = [{ name: 'sfu', image: 'large', ports }];
  const taken = portsTaken([pod('a', { nodeName: 'n1', containers }), pod('b', { containers })]);
  expect([...taken]).toEqual([
    [
      'n1',
      [
        { protocol: 'TCP', port: 8443 },
        { protocol: 'UDP', port: 8045 },
      ],
    ],
  ]);
});
