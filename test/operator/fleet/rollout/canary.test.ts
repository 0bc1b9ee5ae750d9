import { describe, expect, test } from '@jest/globals';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { before, nowMs } from '../../../support/pods.ts';
import { good, fresh, decide, old, updated, starting, three, text, type Change } from './cases.ts';

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
