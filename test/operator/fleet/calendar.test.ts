import { describe, expect, test } from '@jest/globals';
import { nextOccurrence, occurrenceAt, recurrenceProblem } from '../../../operator/fleet/calendar.ts';

const office = { cron: '0 8 * * 1-5', timeZone: 'Europe/Zurich', durationSeconds: 36_000 };
const night = { cron: '30 2 * * *', timeZone: 'Europe/Zurich', durationSeconds: 3_600 };
const at = (time: string): number => Date.parse(time);
const text = (occurrence: { startMs: number; endMs: number } | undefined): string | undefined =>
  occurrence && `${iso(occurrence.startMs)} to ${iso(occurrence.endMs)}`;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe('an office day in Zurich', () => {
  test.each([
    ['has not begun a second before', '2026-11-23T06:59:59Z', undefined],
    ['begins on the second', '2026-11-23T07:00:00Z', '2026-11-23T07:00 to 2026-11-23T17:00'],
    ['goes on', '2026-11-23T16:59:59Z', '2026-11-23T07:00 to 2026-11-23T17:00'],
    ['ends on the second', '2026-11-23T17:00:00Z', undefined],
    ['is not on a Saturday', '2026-11-28T10:00:00Z', undefined],
    [
      'begins an hour earlier by the sun in summer',
      '2026-07-01T06:00:00Z',
      '2026-07-01T06:00 to 2026-07-01T16:00',
    ],
  ])('%s', (_, now, expected) => {
    expect(text(occurrenceAt(office, at(now)))).toBe(expected);
  });

  test('comes next on Monday', () => {
    expect(text(nextOccurrence(office, at('2026-11-27T08:00:00Z')))).toBe(
      '2026-11-30T07:00 to 2026-11-30T17:00',
    );
  });
});

describe('half past two at night', () => {
  test('happens right after the jump on the day without it', () => {
    const next = nextOccurrence(night, at('2026-03-28T12:00:00Z'));
    expect(text(next)).toBe('2026-03-29T01:00 to 2026-03-29T02:00');
    expect(occurrenceAt(night, next!.startMs)).toEqual(next);
  });

  test('happens once on the day that has it twice', () => {
    const first = nextOccurrence(night, at('2026-10-24T12:00:00Z'));
    expect(text(first)).toBe('2026-10-25T00:30 to 2026-10-25T01:30');
    expect(text(nextOccurrence(night, first!.startMs))).toBe('2026-10-26T01:30 to 2026-10-26T02:30');
    expect(occurrenceAt(night, at('2026-10-25T01:45:00Z'))).toBeUndefined();
  });
});

test('every start that comes next is found again when it has come, for a year and across both changes', () => {
  for (const recurrence of [office, night, { ...night, timeZone: 'America/St_Johns' }]) {
    let nowMs = at('2026-01-01T00:00:00Z');
    for (let day = 0; day < 365; day += 1) {
      const next = nextOccurrence(recurrence, nowMs)!;
      expect(occurrenceAt(recurrence, next.startMs)).toEqual(next);
      nowMs = next.startMs;
    }
  }
});

test('occurrences that overlap go on without a gap', () => {
  const daily = { cron: '0 0 * * *', timeZone: 'UTC', durationSeconds: 2 * 86_400 };
  expect(text(occurrenceAt(daily, at('2026-11-23T12:00:00Z')))).toBe('2026-11-23T00:00 to 2026-11-25T00:00');
});

test.each([
  ['a time zone that does not exist', { ...office, timeZone: 'Europe/Zurch' }],
  ['a minute that does not exist', { ...office, cron: '61 * * * *' }],
  ['six fields', { ...office, cron: '0 0 8 * * 1' }],
])('%s is named with the fix, and never happens', (_, recurrence) => {
  expect(recurrenceProblem(recurrence)).toContain('use five cron fields');
  expect([occurrenceAt(recurrence, 0), nextOccurrence(recurrence, 0)]).toEqual([undefined, undefined]);
});

test('a date that never comes is none, and no problem', () => {
  const never = { ...office, cron: '0 0 30 2 *' };
  expect([recurrenceProblem(never), nextOccurrence(never, 0), occurrenceAt(never, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
