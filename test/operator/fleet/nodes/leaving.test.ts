import { describe, expect, test } from '@jest/globals';
import { leavingOf } from '../../../../operator/fleet/nodes/leaving.ts';
import type { NodeView } from '../../../../operator/fleet/nodes/node.ts';
import { aNode } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

/** `Reason: message` for a node that pods must leave. */
function leaving(node: Partial<NodeView>, spec: Readonly<Record<string, unknown>> = {}): string | undefined {
  const found = leavingOf(aNode(node), aCluster(spec).spec);
  return found && `${found.reason}: ${found.message}`;
}

const tainted = (key: string, effect = 'NoSchedule', value = ''): Partial<NodeView> => ({
  taints: [{ key, effect, value }],
});
const azureSpot = { labels: { 'kubernetes.azure.com/scalesetpriority': 'spot' } };

describe('pods must leave a node', () => {
  test('that was cordoned, also before the taint of it is there', () => {
    const says = 'NodeDrain: Node n1 is being drained (taint node.kubernetes.io/unschedulable)';
    expect(leaving({ isCordoned: true })).toBe(says);
    expect(leaving({ isCordoned: true, ...tainted('node.kubernetes.io/unschedulable') })).toBe(says);
  });

  test.each([
    ['NodeDrain', 'ToBeDeletedByClusterAutoscaler'],
    ['NodeDrain', 'karpenter.sh/disrupted'],
    ['NodeDrain', 'karpenter.sh/disruption'],
    ['NodeDrain', 'aws-node-termination-handler/scheduled-maintenance'],
    ['NodeDrain', 'remediator.kubernetes.azure.com/unschedulable'],
    ['SpotInterruption', 'aws-node-termination-handler/spot-itn'],
    ['SpotInterruption', 'cloud.google.com/impending-node-termination'],
  ])('for %s at the taint %s', (reason, key) => {
    expect(leaving(tainted(key))).toMatch(new RegExp(`^${reason}: .*${key}`));
  });

  test('of Azure in a hurry when it is a spot machine, or says so', () => {
    expect(leaving({ ...tainted('remediator.kubernetes.azure.com/unschedulable'), ...azureSpot })).toMatch(
      /^SpotInterruption/,
    );
    const draining = tainted('cloudprovider.azure.microsoft.com/draining', 'NoSchedule', 'spot-eviction');
    expect(leaving(draining)).toMatch(/^SpotInterruption/);
  });

  test('in a hurry when one taint of several says so', () => {
    const { taints = [] } = tainted('cloud.google.com/impending-node-termination');
    expect(leaving({ isCordoned: true, taints })).toMatch(/^SpotInterruption/);
  });

  test('with a taint of the list, and with no other', () => {
    const spec = { disruption: { drainTaints: ['example.com/going'] } };
    expect(leaving(tainted('example.com/going'), spec)).toBe(
      'NodeDrain: Node n1 is to be emptied (taint example.com/going)',
    );
    expect(leaving({ isCordoned: true }, spec)).toBeUndefined();
  });
});

describe('pods stay on a node', () => {
  test.each<[string, Partial<NodeView>, Readonly<Record<string, unknown>>]>([
    ['with nothing against it', {}, {}],
    [
      'that cluster-autoscaler only considers',
      tainted('DeletionCandidateOfClusterAutoscaler', 'PreferNoSchedule'),
      {},
    ],
    ['with a taint that says nothing of leaving', tainted('gpu'), {}],
    [
      'whose taint they bear',
      tainted('karpenter.sh/disrupted'),
      { placement: { tolerations: [{ key: 'karpenter.sh/disrupted', operator: 'Exists' }] } },
    ],
  ])('%s', (_, node, spec) => {
    expect(leaving(node, spec)).toBeUndefined();
  });
});
