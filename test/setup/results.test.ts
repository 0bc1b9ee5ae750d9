import { describe, expect, test } from '@jest/globals';

import { type JestReport, lastLine, outcomeOf, sumOf } from './results.ts';

type File = JestReport['testResults'][number];

const passing: File = {
  name: 'a.test.ts',
  message: '',
  status: 'passed',
  assertionResults: [{ status: 'passed', fullName: 'adds', failureMessages: [] }],
};
const withTest = (test: File['assertionResults'][number]): File => ({
  ...passing,
  status: 'failed',
  assertionResults: [...passing.assertionResults, test],
});

describe('the outcome of a run', () => {
  test('counts what passed', () => {
    expect(outcomeOf({ testResults: [passing, passing] })).toEqual({ passed: 2, failures: [] });
  });

  test('names a failed test by file and name, with its message', () => {
    const file = withTest({ status: 'failed', fullName: 'subtracts', failureMessages: ['1 is not 2'] });
    expect(outcomeOf({ testResults: [file] })).toEqual({
      passed: 1,
      failures: [{ name: 'a.test.ts: subtracts', message: '1 is not 2' }],
    });
  });

  test.each(['pending', 'todo', 'skipped'])('takes a %s test for failed: it proved nothing', (status) => {
    const file = withTest({ status, fullName: 'divides', failureMessages: null });
    expect(outcomeOf({ testResults: [file] }).failures).toEqual([
      { name: 'a.test.ts: divides', message: `was ${status}, not run` },
    ]);
  });

  test('takes a file that could not be run for one failure', () => {
    const crashed: File = {
      name: 'b.test.ts',
      message: 'no such module',
      status: 'failed',
      assertionResults: [],
    };
    expect(outcomeOf({ testResults: [crashed] })).toEqual({
      passed: 0,
      failures: [{ name: 'b.test.ts', message: 'no such module' }],
    });
  });

  test('is told in one line', () => {
    const failed = outcomeOf({ testResults: [withTest({ status: 'failed', fullName: 'x' })] });
    expect(lastLine(sumOf([failed, outcomeOf({ testResults: [passing] })]))).toBe('2 passed, 1 failed');
  });
});
