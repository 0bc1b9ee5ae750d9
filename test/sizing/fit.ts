/** Pure: what sessions and tracks cost, from what whole servers used under known loads. */
import type { Counts } from '../../operator/fleet/scale/measures.ts';

/** One load, and what the server used under it. */
export interface Sample {
  readonly name: string;
  readonly counts: Counts;
  /** Of all its processes, less what it uses with nobody there. */
  readonly millicores: number;
}

/** How far the prices are from one sample: 0.1 is a tenth too much. */
export interface Residual {
  readonly name: string;
  readonly share: number;
}

/** Prices, and how well they tell what was seen. */
export interface Fit {
  readonly prices: Counts;
  readonly residuals: readonly Residual[];
  /** Root of the mean of their squares. */
  readonly rmsShare: number;
}

const names = ['sessions', 'audioIn', 'videoIn', 'audioOut', 'videoOut'] as const;

/**
 * Least squares of the relative errors, so that a small load counts as much as a large one, with no price below zero:
 * of all sets of prices that may be other than zero, the best that keeps to this. Throws when there are fewer samples
 * than prices.
 */
export function fitPrices(samples: readonly Sample[]): Fit {
  if (samples.length < names.length)
    throw new RangeError(`${samples.length} samples say nothing about ${names.length} prices`);
  const rows = samples.map(({ counts, millicores }) => names.map((name) => counts[name] / millicores));
  const fits = subsetsOf(names.length).flatMap((columns) => {
    const prices = solved(rows, columns);
    return prices.every((price) => price >= 0) ? [fitOf(samples, prices)] : [];
  });
  const best = fits.toSorted((a, b) => a.rmsShare - b.rmsShare)[0];
  if (best === undefined) throw new RangeError('no prices fit: every sample is empty');
  return best;
}

function fitOf(samples: readonly Sample[], values: readonly number[]): Fit {
  const prices = Object.fromEntries(names.map((name, at) => [name, values[at] ?? 0])) as unknown as Counts;
  const residuals = samples.map(({ name, counts, millicores }) => {
    const told = names.reduce((sum, count) => sum + prices[count] * counts[count], 0);
    return { name, share: told / millicores - 1 };
  });
  const squares = residuals.reduce((sum, { share }) => sum + share ** 2, 0);
  return { prices, residuals, rmsShare: Math.sqrt(squares / samples.length) };
}

/** Every set of columns but the empty one. */
function subsetsOf(count: number): readonly (readonly number[])[] {
  const columns = Array.from({ length: count }, (_, column) => column);
  return Array.from({ length: 2 ** count - 1 }, (_, at) =>
    columns.filter((column) => ((at + 1) >> column) % 2 === 1),
  );
}

/** The normal equations of `rows × prices = 1` over some columns; the other prices are zero. NaN where they do not tell. */
function solved(rows: readonly (readonly number[])[], columns: readonly number[]): readonly number[] {
  const product = (a: number, b: number): number =>
    rows.reduce((sum, row) => sum + (row[a] ?? 0) * (row[b] ?? 0), 0);
  const matrix = columns.map((a) => [
    ...columns.map((b) => product(a, b)),
    rows.reduce((sum, row) => sum + (row[a] ?? 0), 0),
  ]);
  const found = eliminated(matrix);
  return names.map((_, column) => (columns.includes(column) ? (found[columns.indexOf(column)] ?? NaN) : 0));
}

/** Gauss and Jordan, the largest pivot first. The matrix has its right side as the last column, and is used up. */
function eliminated(matrix: number[][]): readonly number[] {
  matrix.forEach((_, at) => {
    const below = matrix.slice(at);
    const largest = below.reduce((best, row) => (Math.abs(row[at]!) > Math.abs(best[at]!) ? row : best));
    matrix.splice(matrix.indexOf(largest), 1);
    matrix.splice(at, 0, largest);
    for (const row of matrix) {
      if (row === largest) continue;
      const factor = row[at]! / largest[at]!;
      row.forEach((value, column) => (row[column] = value - factor * largest[column]!));
    }
  });
  return matrix.map((row, at) => row.at(-1)! / row[at]!);
}
