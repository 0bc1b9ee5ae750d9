/** The first scenarios of each kind; `make campaign` plays hundreds of each. */
import { describe, expect, it } from '@jest/globals';
import { playScenario } from '../run.ts';
import { problemOf } from '../totals.ts';
import { kindNames, scenarioOfKind } from './kinds.ts';

const scenarios = 4;

describe('the operator in a simulated cluster, in virtual time', () => {
  it.each(kindNames)(
    'drops no call and violates no invariant in scenarios of the kind "%s"',
    async (kind) => {
      for (let seed = 1; seed <= scenarios; seed += 1) {
        const scenario = scenarioOfKind(kind, seed);
        const result = await playScenario(scenario);
        const problem = result.violations.length === 0 ? undefined : problemOf(scenario, result);
        expect({ seed, problem }).toEqual({ seed, problem: undefined });
      }
    },
    120_000,
  );
});
