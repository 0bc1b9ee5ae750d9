import { describe, expect, test } from '@jest/globals';
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import { steerings } from '../../../operator/reconcile/steer.ts';
import { aNode, aPod, before, facts, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const coturn = (name: string, change: Parameters<typeof aPod>[0] = {}): PodView =>
  aPod({
    ...{ name, engine: 'Coturn', nodeName: name, node: aNode({ name }) },
    ...change,
    facts: change.facts ?? facts({ sessions: 2 }),
  });
const decide = (pods: readonly PodView[], revision = 'current'): FleetDecision =>
  decideFleet({
    ...{ cluster: aCluster({ replicas: 2 }), pods, revision, nowMs },
    gateOf: ({ marks }) =>
      marks.drain === undefined ? { ok: true } : { ok: false, reason: 'Drains', message: 'It drains' },
  });
const told = ({ members }: FleetDecision): string[] =>
  members.map(({ pod, state, reason = '', message = '' }) => `${pod.name} ${state} ${reason}: ${message}`);
const drain = { reason: 'NodeDrain', startedMs: before(600_000) } as const;
const drained = { isPublished: false, drain };
/** The exporter of this coturn is missing. */
const mute = { answered: true, version: '4.18.0', load: 0, isDraining: false } as const;

describe('a fleet of coturns', () => {
  test('does not take a drain back whose cause is past: another pod takes the place', () => {
    const decision = decide([coturn('a'), coturn('b', { marks: drained })]);
    expect(told(decision)[1]).toMatch(/^b Draining SessionsActive: .*cannot take a drain back.*allocations/);
    expect(decision.create).toBe(1);
  });

  test('keeps a pod for whose allocations nobody can speak until coturn ends by itself', () => {
    const decision = decide([coturn('a'), coturn('b', { marks: drained, facts: mute })]);
    expect(told(decision)[1]).toMatch(/^b Draining SessionsUnknown: .*ends by itself with the last of them/);
    expect(decision.deletions).toEqual([]);
    const ended = decide([coturn('a'), coturn('b', { marks: drained, isDead: true })]);
    expect(ended.deletions).toMatchObject([{ reason: 'Drained', isForced: false }]);
  });

  test('tells a coturn to drain only when clients have forgotten it', () => {
    const leaving = { isPublished: false, drain: { ...drain, startedMs: before(1_000) } };
    expect(steerings(decide([coturn('a'), coturn('b', { marks: leaving })]))).toEqual([]);
    expect(steerings(decide([coturn('a'), coturn('b', { marks: drained })]))).toEqual([
      { uid: 'uid-b', isDraining: true },
    ]);
  });

  test('does not promise that a drain can be taken back', () => {
    const marks = { requested: { text: 'Draining' } };
    const [, second] = told(decide([coturn('a'), coturn('b', { marks }), coturn('c')]));
    expect(second).toMatch(/^b Draining Propagating: Draining by annotation.*cannot take a drain back/);
  });

  test('never tells one to stop draining', () => {
    const marks = { requested: { text: 'Cordoned' } };
    const draining = facts({ sessions: 1, isDraining: true });
    expect(steerings(decide([coturn('a'), coturn('b', { marks, facts: draining })]))).toEqual([]);
  });

  test('empties and replaces one that drains although its annotations say nothing of it', () => {
    const pods = [coturn('a'), coturn('b', { facts: facts({ sessions: 1, isDraining: true }) })];
    const decision = decide(pods);
    const [, second] = decision.members;
    expect(second).toMatchObject({ state: 'Draining', isPublished: false, drain: { reason: 'Requested' } });
    expect(second?.message).toMatch(/drains already.*cannot take that back: another pod takes its place/);
    expect(decision.create).toBe(1);
    const empty = coturn('b', { marks: drained, facts: facts({ sessions: 0, isDraining: true }) });
    expect(decide([coturn('a'), empty]).deletions).toMatchObject([{ pod: { name: 'b' }, isForced: false }]);
  });

  test('speaks of allocations, whatever happens to a pod', () => {
    const onlyOne = { ...aNode({ name: 'a' }), isCordoned: true };
    const nodes = { eligible: 1, free: 0, excluded: [] };
    const pods = [
      coturn('a', { node: onlyOne, isTerminating: true }),
      coturn('b', { marks: drained, facts: { answered: false, message: 'ECONNREFUSED' } }),
      coturn('c', { node: { ...aNode({ name: 'c' }), taints: [unschedulable] } }),
    ];
    const decision = decideFleet({
      ...{ cluster: aCluster({ replicas: 2 }), pods, revision: 'next', nowMs, nodes },
      gateOf: () => ({ ok: true }),
    });
    const words = [...told(decision), decision.rollout.progress?.message ?? ''].join('\n');
    expect(words).toMatch(/allocations/);
    expect(words).not.toMatch(/\bcalls?\b|minPublished|RTCCluster|in DNS/);
  });
});

const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;
