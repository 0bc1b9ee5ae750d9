import { expect, test } from '@jest/globals';
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { nodeNameOf } from '../../../../operator/reconcile/nodeView.ts';
import { nodesOf } from '../../fields/situation.ts';
import { running } from '../../fields/turn/situation.ts';
import { createTurnWorld } from '../../fields/turn/world.ts';

const everyNode = { placement: { mode: 'EveryNode' } };

/** What becomes of the pods of three nodes when the last of these has this taint. */
async function podsWith(key: string, pods = running({}, {}, {})): Promise<string[]> {
  const [first, second, last] = nodesOf(3);
  const taints = [{ key, effect: 'NoSchedule' }];
  const closed = { ...last, spec: { ...(last?.['spec'] as object), taints } };
  const nodes = [first, second, closed] as readonly KubeObject[];
  const world = createTurnWorld(everyNode, { ...pods, nodes });
  const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
  return objects
    .map((text) => JSON.parse(text) as KubeObject)
    .filter(({ kind }) => kind === 'Pod')
    .map((pod) => `${nodeNameOf(pod)} ${pod.metadata.annotations?.[annotations.drain] ?? 'serves'}`)
    .toSorted();
}

test('a disk that is full for a while costs no coturn that stands on every node', async () => {
  expect(await podsWith('node.kubernetes.io/disk-pressure')).toEqual(['n1 serves', 'n2 serves', 'n3 serves']);
});

test('a node that is taken away takes its coturn along, and none is made for it', async () => {
  expect(await podsWith('ToBeDeletedByClusterAutoscaler')).toEqual([
    'n1 serves',
    'n2 serves',
    'n3 NodeDrain',
  ]);
});

test('a rollout drains no more of them at a time because a node takes no new pod for a while', async () => {
  const outdated = { revision: 'old' };
  const pods = running(
    { ...outdated, allocations: 5 },
    { ...outdated, allocations: 5 },
    { ...outdated, allocations: 1 },
  );
  expect(await podsWith('node.kubernetes.io/disk-pressure', pods)).toEqual([
    'n1 serves',
    'n2 serves',
    'n3 Rollout',
  ]);
});

test('what is said of nodes does not change with which of them was written last', async () => {
  const tainted = nodesOf(3).map((node) => ({
    ...node,
    spec: { ...(node['spec'] as object), taints: [{ key: 'dedicated', effect: 'NoSchedule' }] },
  }));
  const told = async (nodes: readonly KubeObject[]): Promise<unknown> => {
    const world = createTurnWorld({ placement: { replicas: 2 } }, { ...running({}, {}), nodes });
    const { objects } = (await world.settle()) as { readonly objects: readonly string[] };
    return objects.find((text) => text.includes('NodesSufficient'));
  };
  expect(await told(tainted.toReversed())).toEqual(await told(tainted));
});
