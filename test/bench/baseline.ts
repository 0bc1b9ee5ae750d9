/** Pure: whether ratios have become worse than those of the last whole `make bench`, beyond what runs differ by. */
import type { Ratios } from './report.ts';

/**
 * Of the baseline. Single runs of a server differ by up to a quarter on a small machine, the median ratio of three pairs by about
 * a tenth: what is a quarter worse is no accident. Delays and joins differ by more than that, and are not judged.
 */
export const tolerances: Readonly<Record<string, number>> = {
  cpuPerPacketUs: 0.25,
  memoryPerSessionMiB: 0.25,
};

/** Fewer rounds than this are judged by chance. */
export const leastRounds = 3;

/** How one ratio stands. */
export interface Comparison {
  readonly scenario: string;
  readonly measure: string;
  readonly ratio: number;
  /** Undefined: the baseline has none. */
  readonly baseline: number | undefined;
  readonly isRegression: boolean;
}

/** Every judged ratio of the scenarios that were played. */
export function compare(found: Ratios, baseline: Ratios): readonly Comparison[] {
  return Object.entries(found).flatMap(([scenario, ratios]) =>
    Object.entries(tolerances).map(([measure, tolerance]) => {
      const [ratio = NaN, before] = [ratios[measure], baseline[scenario]?.[measure]];
      const isRegression = before !== undefined && !(ratio <= before * (1 + tolerance));
      return { scenario, measure, ratio, baseline: before, isRegression };
    }),
  );
}

/** All of them in one line, the verdict first. */
export function comparisonLine(comparisons: readonly Comparison[]): string {
  const worse = comparisons.filter(({ isRegression }) => isRegression).length;
  const known = comparisons.filter(({ baseline }) => baseline !== undefined).length;
  const verdict =
    known === 0 ? 'nothing to compare with: run `make bench` once' : `${worse} of ${known} ratios regressed`;
  const parts = comparisons.map(({ scenario, measure, ratio, baseline, isRegression }) => {
    const limit =
      baseline === undefined ? '' : ` (was ${baseline.toFixed(2)}${isRegression ? ': WORSE' : ''})`;
    return `${scenario} ${measure} ${ratio.toFixed(2)}${limit}`;
  });
  return `${verdict}; ours ÷ rtcd: ${parts.join(', ')}`;
}
