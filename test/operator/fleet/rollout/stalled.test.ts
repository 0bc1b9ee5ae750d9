/** A rollout whose new pod finds no node: how long it counts as moving, and what it says then. */
import { expect, test } from '@jest/globals';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aPod, before, nowMs, without } from '../../../support/pods.ts';
import { decide, draining, fresh, full, good, old, starting, three, type Change } from './cases.ts';

const waiting = (ageMs: number): PodView =>
  without(starting('n', 0, { createdMs: before(ageMs) }), 'node', 'nodeName');
const surge: Change = { nodes: full, update: { strategy: 'Surge', maxSurge: 1, maxUnavailable: 0 } };
const standing = (pods: readonly PodView[], change: Change = surge): string => {
  const { progress, recheckMs } = decide(pods, change);
  return `${progress?.reason ?? ''} ${progress?.isMoving === true ? 'moves' : 'stands'} ${recheckMs ?? 'for good'}`;
};

test('moves for as long as the progress deadline, for nodes may be on their way', () => {
  expect(standing([...three, waiting(899_000)])).toBe(`WaitingForNode moves ${nowMs + 1000}`);
});

test('stands after it, and says what for and what to do', () => {
  expect(standing([...three, waiting(900_000)])).toBe('WaitingForNode stands for good');
  expect(decide([...three, waiting(900_000)], surge).progress?.message).toBe(
    '1 of 4 pods are of revision new: one more pod needs a node, and none is free: add one. n has had no node for 900 s (update.progressDeadlineSeconds)',
  );
});

test('stands too when it is the canary that finds no node', () => {
  const trial = { ...surge, records: [good, fresh] };
  expect(standing([...three, waiting(900_000)], trial)).toBe('WaitingForNode stands for good');
});

test.each([
  ['drains', draining('c')],
  ['ends with its calls', aPod({ name: 'c', revision: 'old', isTerminating: true })],
])('does not count the time while a pod %s, whose node it will get', (_, leaver) => {
  expect(standing([old('a'), old('b'), leaver, waiting(9e6)])).toMatch(/ moves /);
});
