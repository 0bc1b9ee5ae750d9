import { describe, expect, test } from '@jest/globals';
import { durationText, parts, plainStyle, styleFor, table, timeText } from '../../../operator/cli/text.ts';

describe('colours', () => {
  test('are on terminals alone', () => {
    expect(styleFor(true, {}).bad('x')).toBe('\u001B[31mx\u001B[0m');
    expect(styleFor(false, {})).toBe(plainStyle);
  });

  test('are on no terminal whose owner does not want them, or that has none', () => {
    expect(styleFor(true, { NO_COLOR: '1' })).toBe(plainStyle);
    expect(styleFor(true, { TERM: 'dumb' })).toBe(plainStyle);
    expect(styleFor(true, { NO_COLOR: '' })).not.toBe(plainStyle);
  });
});

test('tables have columns as wide as they need, and no blanks at the ends of lines', () => {
  expect(
    table([
      ['POD', 'STATE'],
      ['calls-sfu-0', ''],
      ['x', 'Draining'],
    ]),
  ).toBe('POD          STATE\ncalls-sfu-0\nx            Draining');
});

test('parts that have nothing to say leave no gap', () => {
  expect(parts(['a', undefined, 'b'], [], ['c'])).toBe('a\nb\n\nc');
});

test('durations are told by their two greatest units', () => {
  const texts = [0, 41_000, 60_000, 90_000, 7_500_000, 90_000_000].map((ms) => durationText(ms));
  expect(texts).toEqual(['0s', '41s', '1m', '1m30s', '2h5m', '1d1h']);
});

test('a time that nobody can read is told as such', () => {
  expect(timeText(Number.NaN)).toBe('a time that cannot be read');
  expect(timeText(Date.parse('2026-11-23T12:00:00.123Z'))).toBe('2026-11-23T12:00:00Z');
});
