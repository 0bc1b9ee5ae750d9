import { describe, expect, test } from '@jest/globals';
import { decideRollout } from '../../../../operator/fleet/rollout/decide.ts';
import type { RolloutInput } from '../../../../operator/fleet/rollout/view.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import { decide, old, updated, starting, draining, three, full, passed, text, type Change } from './cases.ts';

describe('a rollout in place', () => {
  test.each<[string, readonly PodView[], Change, string]>([
    ['drains one pod, which is not missed', three, {}, 'c | 2 | new | RollingOut'],
    ['drains no second one meanwhile', [old('a'), old('b'), draining('c')], {}, 'c | 2 | new | RollingOut'],
    [
      'makes the new one when the old one is gone',
      [old('a'), old('b')],
      {},
      ' | 3 | new | WaitingForAvailable',
    ],
    [
      'waits until that is in DNS',
      [old('a'), old('b'), starting('n', 1)],
      {},
      ' | 3 | new | WaitingForAvailable',
    ],
    ['goes on then', [old('a'), old('b'), updated('n')], {}, 'b | 2 | new | RollingOut'],
    [
      'drains more at a time where that is wished',
      three,
      { update: { maxUnavailable: 2 } },
      'c b | 1 | new | RollingOut',
    ],
    [
      'leaves as many as the load needs',
      three,
      { update: { maxUnavailable: 2 }, needed: 2 },
      'c | 2 | new | RollingOut',
    ],
    [
      'adds a pod on a spare node when the load needs all',
      three,
      { needed: 3 },
      ' | 4 | new | WaitingForSpare',
    ],
    ['and then drains', [...three, updated('n')], { needed: 3 }, 'c | 3 | new | RollingOut'],
    [
      'says so when there is no spare node',
      three,
      { needed: 3, nodes: full },
      ' | 3 | new | HeldForCapacity',
    ],
    [
      'takes no pod that is one too many, but that the load needs',
      [...three, old('d')],
      { needed: 4 },
      ' | 3 | new | HeldForCapacity',
    ],
    [
      'nor one that new ones stand beside already, when fewer are wanted by now',
      [old('a'), updated('m'), updated('n')],
      { wanted: 2, needed: 3 },
      ' | 2 | new | HeldForCapacity',
    ],
    [
      'drains one for the pod that it has added, however many the load needs',
      [...three, updated('n', { marks: { isSurge: true } })],
      { needed: 9 },
      'c | 3 | new | RollingOut',
    ],
    [
      'and when fewer are wanted by now, only for that one',
      [old('a'), old('b'), updated('m'), updated('n', { marks: { isSurge: true } })],
      { wanted: 1, needed: 4 },
      'b | 1 | new | RollingOut',
    ],
    [
      'adds one more when the load grows meanwhile',
      [old('a'), old('b'), draining('c')],
      { needed: 3 },
      'c | 3 | new | RollingOut',
    ],
    ['of a single pod begins with a second one', [old('a')], { wanted: 1 }, ' | 2 | new | WaitingForSpare'],
    [
      'and drains the first when that is in DNS',
      [old('a'), updated('n')],
      { wanted: 1 },
      'a | 1 | new | RollingOut',
    ],
    [
      'takes pods that are out of DNS first, whatever the others',
      [old('a'), old('b'), old('c', { isReady: false })],
      {},
      'c | 2 | new | RollingOut',
    ],
    [
      'has nothing to say when there is nothing to do',
      [updated('a')],
      { records: [{ ...passed, provenMs: 1 }] },
      ' | 3 | new | ',
    ],
  ])('%s', (...[, pods, change, expected]) => {
    expect(text(decide(pods, change))).toBe(expected);
  });

  test('knows a pod that it has added as such until another has left for it', () => {
    const added = updated('n', { marks: { isSurge: true } });
    expect(decide([...three, added]).settled).toEqual(new Set());
    expect(decide([old('a'), old('b'), draining('c'), added]).settled).toEqual(new Set([added.uid]));
    expect(decide([...three, added], { wanted: 4 }).settled).toEqual(new Set([added.uid]));
  });

  test('does nothing about pods that leave for another reason', () => {
    const departures = new Map([
      ['uid-c', [{ reason: 'NodeDrain', message: '', waitsFor: 'Minimum' }]],
    ]) as RolloutInput['departures'];
    expect(text(decide(three, { departures }))).toBe(' | 3 | new | WaitingForAvailable');
  });

  test('is no matter of a cluster that is being deleted', () => {
    const cluster = aCluster({}, { deletionTimestamp: '2026-11-23T11:00:00Z' });
    const input = {
      cluster,
      pods: three,
      departures: new Map(),
      gates: new Map(),
      passing: new Set<string>(),
    };
    expect(text(decideRollout({ ...input, wanted: 0, needed: 1, revision: 'new', records: [], nowMs }))).toBe(
      ' | 0 | new | ',
    );
  });
});

describe('a surge', () => {
  const update = { strategy: 'Surge', maxSurge: 1 };
  test.each<[string, readonly PodView[], Change, string]>([
    ['adds a pod first', three, {}, ' | 4 | new | WaitingForSpare'],
    ['as many as may be more', three, { update: { ...update, maxSurge: 2 } }, ' | 5 | new | WaitingForSpare'],
    ['drains an old one when it is in DNS', [...three, updated('n')], {}, 'c | 3 | new | RollingOut'],
    [
      'adds none while that drains',
      [old('a'), old('b'), draining('c'), updated('n')],
      {},
      'c | 3 | new | RollingOut',
    ],
    [
      'asks for a node by a pod',
      three,
      { nodes: full, update: { ...update, maxUnavailable: 0 } },
      ' | 4 | new | WaitingForNode',
    ],
    ['goes in place without a node for one more', three, { nodes: full }, 'c | 2 | new | RollingOut'],
    [
      'ends with as many as are wanted',
      [updated('a'), updated('b'), updated('c'), old('d')],
      {},
      'd | 3 | new | RollingOut',
    ],
  ])('%s', (...[, pods, change, expected]) => {
    expect(text(decide(pods, { update, ...change }))).toBe(expected);
  });
});
