import { describe, expect, test } from '@jest/globals';
import {
  good,
  fresh,
  failed,
  decide,
  old,
  updated,
  draining,
  three,
  uids,
  text,
  type Change,
} from './cases.ts';

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
