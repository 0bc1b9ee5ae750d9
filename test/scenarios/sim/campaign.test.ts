/** The first scenarios of `make campaign`, which plays ten thousand. */
import { describe, expect, it } from '@jest/globals';
import { playScenario } from './run.ts';
import { scenarioOf } from './scenario.ts';
import { problemOf } from './totals.ts';

const scenarios = 10;
const batch = 5;
const batches = Array.from({ length: scenarios / batch }, (_, index) => index * batch + 1);

describe('the operator in a simulated cluster, in virtual time', () => {
  it.each(batches)(
    'drops no call and violates no invariant in the scenarios from seed %i on',
    async (from) => {
      const problems: string[] = [];
      for (let seed = from; seed < from + batch; seed += 1) {
        const result = await playScenario(scenarioOf(seed));
        if (result.violations.length > 0) problems.push(problemOf(scenarioOf(seed), result));
      }
      expect(problems).toEqual([]);
    },
    120_000,
  );

  it('goes the same way when the same seed is played again', async () => {
    const [first, second] = [await playScenario(scenarioOf(7)), await playScenario(scenarioOf(7))];
    expect(second).toEqual(first);
  });
});
