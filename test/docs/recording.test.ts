import { expect, test } from '@jest/globals';
import { recordingSvg } from './harness/recording.ts';

test('a line stays text with its blanks, whatever is in it', () => {
  expect(recordingSvg('a < b & "c"\n', 'demo')).toContain(
    '>a\u00a0&lt;\u00a0b\u00a0&amp;\u00a0&quot;c&quot;</text>',
  );
});

test('what fits stands still, what does not scrolls to its last line and begins again', () => {
  expect(recordingSvg('one\ntwo\n', 'demo')).not.toContain('animateTransform');
  const long = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
  const [, values = ''] = / values="([^"]*)"/.exec(recordingSvg(long, 'demo')) ?? [];
  expect(values.split(';')).toHaveLength(21);
  expect(values.endsWith('0 -340')).toBe(true);
});
