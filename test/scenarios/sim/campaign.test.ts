/** The first scenarios of `make campaign`, which plays ten thousand. */
import { describe, expect, it } from '@jest/globals';
import { playScenario } from './run.ts';
import { scenarioOf } from './scenario.ts';
import { problemOf } from './totals.ts';

const scenarios = 150;

describe('the operator in a simulated cluster, in virtual time', () => {
  it('drops no call and violates no invariant in the first scenarios', async () => {
    for (let seed = 1; seed <= scenarios; seed += 1) {
      const result = await playScenario(scenarioOf(seed));
      const problem = result.violations.length === 0 ? undefined : problemOf(scenarioOf(seed), result);
      expect({ seed, problem }).toEqual({ seed, problem: undefined });
    }
  }, 300_000);

  it('goes the same way when the same seed is played again', async () => {
    const [first, second] = [await playScenario(scenarioOf(7)), await playScenario(scenarioOf(7))];
    expect(second).toEqual(first);
  }, 60_000);
});
