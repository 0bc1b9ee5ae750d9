import { describe, expect, test } from '@jest/globals';
import type { NodeView } from '../../../operator/fleet/nodes/node.ts';
import { eligibleNodes } from '../../../operator/fleet/nodes/eligible.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { wantedPods } from '../../../operator/turn/wantedPods.ts';
import { aNode, aPod } from '../../support/pods.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const everyNode = aTurnServer({ placement: { mode: 'EveryNode' } });
const full = { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' };
const removed = { key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' };

/** Wanted pods on a well node `n1` with a pod and `n2`, which is as said, with a pod that is as said. */
function wanted(second: Partial<NodeView>, pod?: Parameters<typeof aPod>[0]): number {
  const nodes = [aNode({ name: 'n1' }), aNode({ name: 'n2', ...second })];
  const on = (node: NodeView, change = {}): PodView =>
    aPod({ name: node.name, engine: 'Coturn', nodeName: node.name, node, ...change });
  const [first = aNode(), other = aNode()] = nodes;
  const pods = pod === undefined ? [on(first)] : [on(first), on(other, pod)];
  const supply = eligibleNodes({
    ...{ nodes, placement: everyNode.spec.placement, ports: [] },
    ...{ occupied: new Set(pods.map(({ name }) => name)), taken: new Map() },
  });
  return wantedPods(everyNode, { nodes: supply, pods });
}

describe('in mode EveryNode', () => {
  test('a node that takes no new pod for a while keeps the one it has', () => {
    expect(wanted({ taints: [full] }, {})).toBe(2);
    expect(wanted({ isReady: false }, {})).toBe(2);
    expect(wanted({ taints: [full] }, { marks: { requested: { text: 'Drained' } } })).toBe(2);
  });

  test('such a node without a pod gets none', () => {
    expect(wanted({ taints: [full] })).toBe(1);
  });

  test.each<[string, Partial<NodeView>, Parameters<typeof aPod>[0]]>([
    ['leaves with its node', { taints: [full, removed] }, {}],
    ['is drained already', { taints: [full] }, { marks: { drain: { reason: 'ScaleDown', startedMs: 0 } } }],
    ['somebody drains', { taints: [full] }, { marks: { requested: { text: 'Draining' } } }],
    ['somebody has cordoned', { taints: [full] }, { marks: { requested: { text: 'Cordoned' } } }],
    ['is being deleted', { taints: [full] }, { isTerminating: true }],
    ['has ended', { taints: [full] }, { isDead: true }],
    ['Kubernetes has lost sight of', { isReady: false }, { isReady: false }],
    ['stands on a cordoned node', { isCordoned: true }, {}],
  ])('a pod that %s is not replaced on it', (_, node, pod) => {
    expect(wanted(node, pod)).toBe(1);
  });

  test('the pods there are stay as many where nobody may list nodes', () => {
    const pods = [aPod({ name: 'a' }), aPod({ name: 'b', isDead: true })];
    expect(wantedPods(everyNode, { nodes: undefined, pods })).toBe(1);
  });
});

test('in mode Replicas the spec says how many', () => {
  expect(wantedPods(aTurnServer({ placement: { replicas: 3 } }), { nodes: undefined, pods: [] })).toBe(3);
});
