import { describe, expect, test } from '@jest/globals';
import { decideRollout } from '../../../../operator/fleet/rollout/decide.ts';
import type { RolloutInput } from '../../../../operator/fleet/rollout/view.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { before, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import {
  good,
  fresh,
  passed,
  failed,
  type Change,
  decide,
  old,
  updated,
  starting,
  draining,
  three,
  full,
  uids,
  text,
} from './cases.ts';

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

describe('nothing begins', () => {
  const night = [{ name: 'night', cron: '0 22 * * *', timeZone: 'UTC', durationSeconds: 3600 }];
  test.each<[string, Change, string]>([
    ['while it is paused', { update: { paused: true } }, ' | 3 | new | RolloutPaused'],
    [
      'before the canary has passed, while it is paused',
      { update: { paused: true }, records: [good, fresh] },
      ' | 3 | old | RolloutPaused',
    ],
    [
      'with OnDelete, but new pods are new',
      { update: { strategy: 'OnDelete' }, records: [good, fresh] },
      ' | 3 | new | OnDelete',
    ],
    ['before the window opens', { update: { windows: night } }, ' | 3 | new | WaitingForWindow'],
    [
      'when the windows cannot be read',
      { update: { windows: [{ ...night[0], timeZone: 'Nowhere' }] } },
      ' | 3 | new | WindowUnreadable',
    ],
    [
      'when no window ever opens',
      { update: { windows: [{ ...night[0], cron: '0 0 30 2 *' }] } },
      ' | 3 | new | WindowNeverOpens',
    ],
    [
      'after a failure without a rollback',
      { update: { onFailure: 'Pause' }, records: [good, failed] },
      ' | 3 | old | Because',
    ],
  ])('%s', (_, change, expected) => {
    expect(text(decide(three, change))).toBe(expected);
  });

  test('and says until when', () => {
    const { progress, recheckMs } = decide(three, { update: { windows: night } });
    expect([progress?.message, recheckMs]).toEqual([
      '0 of 3 pods are of revision new: waits for window night, which opens at 2026-11-23T22:00:00.000Z',
      Date.parse('2026-11-23T22:00:00Z'),
    ]);
  });

  test('in a window it does', () => {
    const noon = [{ ...night[0], cron: '0 12 * * *' }];
    expect(text(decide(three, { update: { windows: noon } }))).toBe('c | 2 | new | RollingOut');
  });

  test.each([{ paused: true }, { windows: night }])('and what has begun goes on: %j', (update) => {
    expect(uids(decide([old('a'), old('b'), draining('c')], { update }).departures)).toBe('c');
  });

  test('and pods that were added stay', () => {
    expect(decide([...three, updated('n')], { needed: 3, update: { paused: true } }).wanted).toBe(4);
  });
});

describe('a canary', () => {
  const trial = { records: [good, fresh] };
  const since = (agoMs: number): PodView => updated('n', { marks: { publishedSinceMs: before(agoMs) } });
  test.each<[string, readonly PodView[], Change, string]>([
    ['comes first, in place of one', three, {}, 'c | 2 | new old | CanaryPending'],
    ['is made when the old one is gone', [old('a'), old('b')], {}, ' | 3 | new old | WaitingForAvailable'],
    ['has to get into DNS', [old('a'), old('b'), starting('n', 1)], {}, ' | 3 | old | CanaryStarting'],
    ['stays there a while alone', [old('a'), old('b'), since(1000)], {}, ' | 3 | old | CanaryBaking'],
    ['lets the others follow', [old('a'), old('b'), since(1_800_000)], {}, 'b | 2 | new | RollingOut'],
    [
      'is one even where many may surge',
      three,
      { update: { strategy: 'Surge', maxSurge: 3 } },
      ' | 4 | new old | WaitingForSpare',
    ],
    ['is none where none is wished', three, { update: { canary: { pods: 0 } } }, 'c | 2 | new | RollingOut'],
    [
      'is none for a revision that was good once',
      three,
      { records: [good, { ...fresh, provenMs: 1 }] },
      'c | 2 | new | RollingOut',
    ],
    [
      'is none where there is nothing to fall back on',
      three,
      { records: [fresh] },
      'c | 2 | new | RollingOut',
    ],
  ])('%s', (...[, pods, change, expected]) => {
    expect(text(decide(pods, { ...trial, ...change }))).toBe(expected);
  });

  test('that has passed is remembered', () => {
    expect(decide([old('a'), since(1_800_000)], trial).mark).toEqual({
      kind: 'CanaryPassed',
      revision: 'new',
      reason: 'CanaryPassed',
      message: 'n has been in DNS for 1800 s: the others follow',
    });
  });

  test('says until when it is tried', () => {
    const decision = decide([old('a'), since(1000)], trial);
    expect([decision.progress?.message, decision.recheckMs]).toEqual([
      '1 of 2 pods are of revision new: n is tried until 2026-11-23T12:29:59.000Z (update.canary)',
      nowMs + 1_799_000,
    ]);
  });
});
