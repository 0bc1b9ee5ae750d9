import { expect, test } from '@jest/globals';
import { startProgress } from './progress.ts';

test('a clock that goes on from somebody else’s does not begin at zero again', () => {
  const lines: string[] = [];
  startProgress((line) => lines.push(line), 71_000)('set-up: started');
  startProgress((line) => lines.push(line))('set-up: started');
  expect(lines).toEqual([
    expect.stringMatching(/^\[ {2}71\.\ds\] set-up: started\n$/),
    expect.stringMatching(/^\[ {3}0\.\ds\] set-up: started\n$/),
  ]);
});
