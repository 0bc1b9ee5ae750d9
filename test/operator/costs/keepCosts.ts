/** Figures of the operator's costs, with what the machine had to do while they were taken: times depend on that. */
import { loadavg } from 'node:os';
import { keepFigures } from '../../support/keepFigures.ts';

/** By name; some are tables. */
export type CostValues = Parameters<typeof keepFigures>[1];

/** Where a test keeps its figures. */
export interface CostEvidence {
  /** Name in docs/evidence. */
  readonly name: string;
  /** The file of the test in this folder, without its endings. */
  readonly test: string;
}

/**
 * Collects figures from one test of a file to the next. What it returns writes `docs/evidence/<name>.json`, with
 * `EVIDENCE=write`, with all that there are so far: the last test may take long, or fail.
 */
export function costFigures(
  { name, test }: CostEvidence,
  known: CostValues,
): (more: CostValues) => Promise<void> {
  let figures = known;
  return async (more) => {
    figures = { ...figures, ...more };
    const [, load = NaN] = loadavg();
    const machineLoad = Math.round(load * 10) / 10;
    await keepFigures(name, { ...figures, machineLoad }, `long -- test/operator/costs/${test}`);
  };
}
