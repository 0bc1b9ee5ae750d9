import { describe, expect, test } from '@jest/globals';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { before, facts, silence, without } from '../../../support/pods.ts';
import { good, fresh, decide, old, starting, uids, text } from './cases.ts';

describe('the only node', () => {
  const one = { wanted: 1, records: [good, fresh], nodes: { eligible: 1, free: 0, excluded: [] } };
  test.each<[string, PodView, string, string]>([
    [
      'keeps its pod in DNS while there are sessions',
      old('a', { facts: facts({ sessions: 1 }) }),
      '',
      'WaitingForNoSessions',
    ],
    ['keeps it while nobody knows', old('a', { facts: silence }), '', 'SessionsUnknown'],
    [
      'waits a moment after the last one',
      old('a', { facts: facts({ sessionlessSinceMs: before(1000) }) }),
      '',
      'WaitingForNoSessions',
    ],
    ['replaces it then, without a drain', old('a'), 'a', 'ReplacedWithoutSessions'],
  ])('%s', (...[, pod, discarded, reason]) => {
    const decision = decide([pod], one);
    expect([
      uids(decision.departures),
      uids(decision.discards),
      decision.base,
      decision.progress?.reason,
    ]).toEqual(['', discarded, 'new', reason]);
  });

  test('asks its pod once more before it goes, since a call may have begun after an answer of some seconds ago', () => {
    const decision = decide([old('a', { facts: facts({ measures: { atMs: before(2_001) } }) })], one);
    expect([uids(decision.discards), decision.asks, decision.progress?.reason]).toEqual([
      '',
      ['uid-a'],
      'WaitingForNoSessions',
    ]);
  });

  test('waits for the window, too', () => {
    const windows = [{ name: 'night', cron: '0 22 * * *', timeZone: 'UTC', durationSeconds: 3600 }];
    const decision = decide([old('a')], { ...one, update: { windows } });
    expect([uids(decision.discards), decision.progress?.reason]).toEqual(['', 'WaitingForWindow']);
  });

  test('is recognised without a view of nodes by a pod that finds none', () => {
    const spare = without(
      starting('n', 0, { problem: { reason: 'Unschedulable', message: '' } }),
      'node',
      'nodeName',
    );
    expect(uids(decide([old('a'), spare], { ...one, nodes: null }).discards)).toBe('a');
  });

  test('is not the only one when another is free', () => {
    expect(text(decide([old('a')], { ...one, nodes: { eligible: 2, free: 1, excluded: [] } }))).toBe(
      ' | 2 | new old | WaitingForSpare',
    );
  });
});
