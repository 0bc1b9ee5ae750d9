import { describe, expect, test } from '@jest/globals';
import { nodesSufficient } from '../../../../operator/desired/conditions/nodes.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { Exclusion, NodeSupply } from '../../../../operator/fleet/nodes/eligible.ts';
import { nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const excluded = (node: string, reason: string, message: string): Exclusion => ({ node, reason, message });
const unlabelled = excluded('n9', 'NodeSelector', 'has not the label pool=media');

/** `STATUS Reason: message` for a cluster of so many replicas, or with this spec. */
function say(wanted: number | Readonly<Record<string, unknown>>, supply?: Partial<NodeSupply>): string {
  const cluster = aCluster(
    typeof wanted === 'number' ? { replicas: wanted } : { replicas: undefined, ...wanted },
  );
  const decision = decideFleet({ cluster, pods: [], revision: 'current', nowMs });
  const nodes = supply && { eligible: 0, free: 0, excluded: [], ...supply };
  const { status, reason, message } = nodesSufficient({
    ...{ cluster, decision, revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] },
    ...(nodes && { nodes }),
  });
  return `${status} ${reason}: ${message}`;
}

describe('NodesSufficient', () => {
  test('is true while every pod that is wanted has a node', () => {
    expect(say(2, { eligible: 3 })).toBe('True EnoughNodes: 3 nodes can carry a pod, 2 wanted');
  });

  test('says ahead when no node is left to replace a pod on, or to reach scaling.maxPods', () => {
    expect(say(2, { eligible: 2 })).toMatch(
      /^True NoSpareNode: 2 nodes can carry a pod, 2 wanted; none is left/,
    );
    expect(say({ scaling: { mode: 'Auto', maxPods: 5 } }, { eligible: 4 })).toMatch(
      /^True FewerThanMaxPods: .*scaling.maxPods is 5/,
    );
  });

  test('names the node that is missing for that, when it is cordoned', () => {
    const nodes = { eligible: 2, excluded: [unlabelled, excluded('n3', 'Cordoned', 'is cordoned')] };
    expect(say(2, nodes)).toMatch(/^True NoSpareNode: .* while a node is drained\. n3 is cordoned$/);
  });

  test('counts the nodes that a surge will need', () => {
    const update = { strategy: 'Surge', maxSurge: 2 };
    expect(say({ replicas: 2, update }, { eligible: 3 })).toMatch(
      /^False NoNodeForSurge: 3 nodes can carry a pod, 2 wanted, and update.maxSurge asks for 2 more at a rollout: add nodes/,
    );
    expect(say({ replicas: 2, update }, { eligible: 4 })).toMatch(/^True EnoughNodes/);
  });

  test('names the nodes that could be had, and what to do', () => {
    expect(say(2, { eligible: 1, excluded: [unlabelled, excluded('n2', 'Cordoned', 'is cordoned')] })).toBe(
      'False TooFewNodes: 1 node can carry a pod, 2 wanted: add nodes, or widen placement.nodeSelector and placement.tolerations. n2 is cordoned',
    );
  });

  test('names nodes without the label when there are no others, and how many more', () => {
    const many = ['n1', 'n2', 'n3', 'n4'].map((node) => ({ ...unlabelled, node }));
    expect(say(1, { excluded: many })).toMatch(/\. n1 has not the label pool=media, .* and 1 more$/);
  });

  test('is unknown where nodes may not be listed', () => {
    expect(say(1)).toMatch(/^Unknown NodesNotReadable: /);
  });
});
