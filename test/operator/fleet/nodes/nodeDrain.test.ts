/** What the whole decision makes of nodes that are taken away. */
import { describe, expect, test } from '@jest/globals';
import { decideFleet, type FleetDecision } from '../../../../operator/fleet/decide.ts';
import type { NodeSupply } from '../../../../operator/fleet/nodes/eligible.ts';
import type { PodMarks, PodView } from '../../../../operator/fleet/pod.ts';
import { aNewPod, aNode, aPod, before, facts, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const cordoned = aNode({ isCordoned: true });
const spot = aNode({
  taints: [{ key: 'cloud.google.com/impending-node-termination', effect: 'NoSchedule' }],
});
const onLeavingNode = aPod({ name: 'a', node: cordoned, facts: facts({ sessions: 3 }) });
const other = aPod({ name: 'b' });
const replacement = aPod({ name: 'c' });
const drained: Partial<PodMarks> = {
  isPublished: false,
  drain: { reason: 'NodeDrain', startedMs: before(60_000) },
};

function decide(
  pods: readonly PodView[],
  nodes: Partial<NodeSupply> = {},
  disruption: object = {},
): FleetDecision {
  const supply = { eligible: 3, free: 1, excluded: [], ...nodes };
  const cluster = aCluster({ disruption });
  return decideFleet({ cluster, pods, revision: 'current', nowMs, nodes: supply });
}

/** `name: state reason` of each member, then how many are created. */
const text = ({ members, create }: FleetDecision): string =>
  [
    ...members.map(({ pod, state, reason }) => [`${pod.name}: ${state}`, reason].filter(Boolean).join(' ')),
    `create ${create}`,
  ].join(', ');

describe('a pod whose node is drained', () => {
  test('is replaced first, and says so', () => {
    const decision = decide([onLeavingNode, other]);
    expect(text(decision)).toBe('a: Published HeldForReplacement, b: Published, create 1');
    expect(decision.members[0]?.message).toMatch(/^Node n1 is being drained .* It stays in DNS for now/);
  });

  test('drains when its replacement is in DNS, and keeps its call', () => {
    const decision = decide([onLeavingNode, other, replacement]);
    expect(text(decision)).toBe('a: Draining Propagating, b: Published, c: Published, create 0');
    expect(decision.members[0]?.drain).toMatchObject({ reason: 'NodeDrain', startedMs: nowMs });
  });

  test('drains without one where no node is free, or where that is not asked for', () => {
    const drains = 'a: Draining Propagating, b: Published, create 1';
    expect(text(decide([onLeavingNode, other], { free: 0 }))).toBe(drains);
    expect(text(decide([onLeavingNode, other], {}, { replaceBeforeNodeDrain: false }))).toBe(drains);
  });

  test('waits for the replacement that has taken the last free node, unless that cannot start', () => {
    const starting = aNewPod({ name: 'c', isReady: false });
    const decision = decide([onLeavingNode, other, starting], { free: 0 });
    expect(text(decision)).toBe(
      'a: Published HeldForReplacement, b: Published, c: Starting NotReady, create 0',
    );
    expect(decision.members[0]?.message).toMatch(/It goes when one more pod is in DNS$/);
    const failing = { ...starting, problem: { reason: 'ImageProblem', message: 'no such image' } };
    expect(text(decide([onLeavingNode, other, failing], { free: 0 }))).toMatch(/^a: Draining Propagating/);
  });

  test('leaves DNS at once when a spot machine is taken back', () => {
    expect(text(decide([{ ...onLeavingNode, node: spot }, other]))).toBe(
      'a: Draining Propagating, b: Published, create 1',
    );
  });

  test('stays in DNS when it is the last one there', () => {
    expect(text(decide([{ ...onLeavingNode, node: spot }]))).toBe('a: Published HeldForMinimum, create 2');
  });

  test('comes back with an uncordon, and the pod that is on its way in its place goes', () => {
    const back = aPod({ name: 'a', marks: drained, facts: facts({ sessions: 3 }) });
    const onItsWay = aNewPod({ name: 'c', isReady: false });
    const decision = decide([back, other, onItsWay]);
    expect(text(decision)).toBe('a: Published, b: Published, create 0');
    expect(decision.deletions.map(({ pod }) => pod.name)).toEqual(['c']);
  });

  test('that nobody was sent to is replaced at once', () => {
    const decision = decide([aNewPod({ name: 'a', node: cordoned, isReady: false }), other]);
    expect(decision.deletions.map(({ pod, reason }) => `${pod.name} ${reason}`)).toEqual([
      'a NeverPublished',
    ]);
    expect(decision.create).toBe(1);
  });
});

describe('a pod whose node was lost', () => {
  const lost = { name: 'a', isReady: false, facts: facts({ sessions: 3 }) } as const;
  const others = [other, replacement];

  test('is no victim while its node is back and nothing is known of it yet', () => {
    const decision = decide([aPod({ ...lost, isCutOff: true }), ...others]);
    expect(text(decision)).toBe('a: Failed NodeNotReady, b: Published, c: Published, create 0');
  });

  test('keeps its calls when it is back; the cheapest of the others goes', () => {
    const talking = aPod({ name: 'b', facts: facts({ sessions: 1 }) });
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }];
    const back = aPod({ ...lost, isReady: true, node: aNode({ taints }), marks: { isPublished: false } });
    expect(text(decide([back, talking, replacement]))).toBe(
      'a: Published, b: Published, c: Draining Propagating, create 0',
    );
  });

  test('is seen as lost by its own conditions where nodes are not ours to see', () => {
    expect(text(decide([aPod({ ...lost, isCutOff: true }), other]))).toBe(
      'a: Failed NodeNotReady, b: Published, create 1',
    );
  });
});
