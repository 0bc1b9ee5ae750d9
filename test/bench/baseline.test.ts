import { expect, test } from '@jest/globals';

import { compare, comparisonLine } from './baseline.ts';

const baseline = { '1x50-u2': { cpuPerPacketUs: 0.4, memoryPerSessionMiB: 0.2, joinP50Ms: 0.5 } };
const found = (cpuPerPacketUs: number) => ({
  '1x50-u2': { cpuPerPacketUs, memoryPerSessionMiB: 0.2, joinP50Ms: 9 },
});

test('a ratio that is as far off as runs differ is no regression', () => {
  expect(compare(found(0.5), baseline).map(({ isRegression }) => isRegression)).toEqual([false, false]);
});

test('one that is more than a quarter worse is, and the last line says which', () => {
  const comparisons = compare(found(0.51), baseline);
  expect(comparisonLine(comparisons)).toBe(
    '1 of 2 ratios regressed; ours ÷ rtcd: 1x50-u2 cpuPerPacketUs 0.51 (was 0.40: WORSE), 1x50-u2 memoryPerSessionMiB 0.20 (was 0.20)',
  );
});

test('a ratio that was there before and is not any more is a regression', () => {
  expect(compare({ '1x50-u2': {} }, baseline).every(({ isRegression }) => isRegression)).toBe(true);
});

test('without a baseline there is nothing to judge, and that is said', () => {
  const comparisons = compare(found(3), {});
  expect(comparisons.some(({ isRegression }) => isRegression)).toBe(false);
  expect(comparisonLine(comparisons)).toMatch(
    /^nothing to compare with: run `make bench` once; ours ÷ rtcd: 1x50/,
  );
});
