import { describe, expect, test } from '@jest/globals';
import {
  eligibleNodes,
  type NodesInput,
  type NodeSupply,
} from '../../../../operator/fleet/nodes/eligible.ts';
import type { NodeView, Taint } from '../../../../operator/fleet/nodes/node.ts';
import { sfuPorts } from '../../../../operator/desired/ports.ts';
import { aNode } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const pool = { labels: { pool: 'media' } };
const taint = (key: string, effect = 'NoSchedule', value?: string): Taint => ({
  key,
  effect,
  ...(value !== undefined && { value }),
});

/** Of nodes, with everything else as it is when there is only one cluster and no pod yet. */
function look(
  nodes: readonly NodeView[],
  change: Partial<Omit<NodesInput, 'placement'>> & { placement?: object } = {},
): NodeSupply {
  const { placement = {}, ...rest } = change;
  const cluster = aCluster({ placement });
  return eligibleNodes({
    ...{ nodes, ports: sfuPorts(cluster), occupied: new Set(), taken: new Map(), ...rest },
    placement: cluster.spec.placement,
  });
}

/** What is said against the one node. */
const against = (node: Partial<NodeView>, placement: object = {}): string | undefined =>
  look([aNode(node)], { placement }).excluded[0]?.message;

describe('nodes that can carry a pod', () => {
  test('are those that are ready and open; free are those without one', () => {
    const nodes = ['n1', 'n2', 'n3'].map((name) => aNode({ name }));
    expect(look(nodes, { occupied: new Set(['n2']) })).toEqual({ eligible: 3, free: 2, excluded: [] });
  });

  test.each<[string, Partial<NodeView>, object]>([
    ['has not the label pool=media', {}, { nodeSelector: { pool: 'media' } }],
    ['is not ready', { isReady: false }, {}],
    ['is cordoned', { isCordoned: true }, {}],
    ['has the taint gpu:NoSchedule', { taints: [taint('gpu')] }, {}],
    ['has the taint gpu=yes:NoExecute', { taints: [taint('gpu', 'NoExecute', 'yes')] }, {}],
    [
      'has the taint pool=web:NoSchedule',
      { taints: [taint('pool', 'NoSchedule', 'web')] },
      { tolerations: [{ key: 'pool', value: 'media' }] },
    ],
    [
      'has the taint pool:NoExecute',
      { taints: [taint('pool', 'NoExecute')] },
      { tolerations: [{ key: 'pool', operator: 'Exists', effect: 'NoSchedule' }] },
    ],
  ])('are none that %s', (message, node, placement) => {
    expect(against(node, placement)).toBe(message);
  });

  test.each<[string, Partial<NodeView>, object]>([
    ['has the label', pool, { nodeSelector: { pool: 'media' } }],
    ['would rather not', { taints: [taint('busy', 'PreferNoSchedule')] }, {}],
    [
      'has a taint that is borne',
      { taints: [taint('gpu')] },
      { tolerations: [{ key: 'gpu', operator: 'Exists' }] },
    ],
    [
      'has a taint whose value is borne',
      { taints: [taint('pool', 'NoSchedule', 'media')] },
      { tolerations: [{ key: 'pool', value: 'media' }] },
    ],
    [
      'is cordoned where everything is borne',
      { isCordoned: true },
      { tolerations: [{ operator: 'Exists' }] },
    ],
  ])('are those where one %s', (_, node, placement) => {
    expect(against(node, placement)).toBeUndefined();
  });

  test('are none where another RTCCluster has one of the ports', () => {
    const taken = new Map([['n1', [{ protocol: 'UDP', port: 8045 } as const]]]);
    expect(look([aNode()], { taken }).excluded).toEqual([
      { node: 'n1', reason: 'PortTaken', message: 'gives UDP port 8045 to a pod of another RTCCluster' },
    ]);
  });

  test('are those where another RTCCluster has other ports', () => {
    const taken = new Map([['n1', [{ protocol: 'UDP', port: 8443 } as const]]]);
    expect(look([aNode()], { taken }).eligible).toBe(1);
  });
});
