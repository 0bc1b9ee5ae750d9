import { expect, test } from '@jest/globals';
import { withWords } from './harness/script.ts';

test('a word is replaced as a whole, and stands for itself whatever it means in an expression', () => {
  const words = [
    ['10.0.0.1', 'a$&b'],
    ['NAME', 'calls'],
  ] as const;
  expect(withWords('NAME NAMESPACE NAME-admin 10.0.0.1 1000001', words)).toBe(
    'calls NAMESPACE calls-admin a$&b 1000001',
  );
});
