import { expect, test } from '@jest/globals';
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { nodeNameOf } from '../../../../operator/reconcile/nodeView.ts';
import { nodesOf } from '../../fields/situation.ts';
import { running } from '../../fields/turn/situation.ts';
import { createTurnWorld } from '../../fields/turn/world.ts';

const everyNode = { placement: { mode: 'EveryNode' } };

/** What becomes of the pods of three nodes when the last of these has this taint. */
async function podsWith(key: string): Promise<string[]> {
  const [first, second, last] = nodesOf(3);
  const taints = [{ key, effect: 'NoSchedule' }];
  const closed = { ...last, spec: { ...(last?.['spec'] as object), taints } };
  const nodes = [first, second, closed] as readonly KubeObject[];
  const world = createTurnWorld(everyNode, { ...running({}, {}, {}), nodes });
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
