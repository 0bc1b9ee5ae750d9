/** Pure: what the story measured → the figures that are kept. */
import type { Cell, Matrix } from '../matrix/matrix.ts';

/** Sums over all pairs of one matrix. */
export interface MatrixFigures {
  readonly pairs: number;
  readonly packets: number;
  readonly lost: number;
  readonly quietestToneDb: number;
  /** Worst of the medians, bot to bot. */
  readonly oneWayMedianMs: number | null;
  readonly oneWayP95Ms: number | null;
  /** Worst page. */
  readonly roundTripMs: number | null;
  readonly jitterBufferMs: number | null;
  readonly [figure: string]: number | null;
}

/** See the file comment. */
export function figuresOf({ cells }: Matrix): MatrixFigures {
  const sum = (of: (cell: Cell) => number): number => cells.reduce((total, cell) => total + of(cell), 0);
  return {
    pairs: cells.length,
    packets: sum(({ packets }) => packets),
    lost: sum(({ lost }) => lost),
    quietestToneDb: Math.min(...cells.map(({ toneDb }) => toneDb)),
    oneWayMedianMs: worst(cells, ({ oneWayMs }) => oneWayMs?.p50 ?? null),
    oneWayP95Ms: worst(cells, ({ oneWayMs }) => oneWayMs?.p95 ?? null),
    roundTripMs: worst(cells, ({ roundTripMs }) => roundTripMs),
    jitterBufferMs: worst(cells, ({ jitterBufferMs }) => jitterBufferMs),
  };
}

function worst(cells: readonly Cell[], of: (cell: Cell) => number | null): number | null {
  const values = cells.map(of).filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}
