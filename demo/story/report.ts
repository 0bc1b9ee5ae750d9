/** Pure: what the story measured → the figures that are kept. */
import type { Cell, Matrix } from '../matrix/matrix.ts';
import type { WayCounts } from '../matrix/way.ts';

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

/** What the chapters measured. Memory is by pod, MiB. */
export interface Measured {
  readonly totalSeconds: number;
  readonly setUpSeconds: number;
  readonly operatorRssMiB: number;
  readonly idle: ReadonlyMap<string, number>;
  readonly inCall: ReadonlyMap<string, number>;
  /** Of the big call. */
  readonly ways: WayCounts;
  readonly heard: Readonly<Record<'beforeScaleDown' | 'whileAsked' | 'whileDraining' | 'afterwards', Matrix>>;
}

/** The figures of the whole story. */
export function figuresOfStory(measured: Measured): StoryFigures {
  const { totalSeconds, setUpSeconds, operatorRssMiB, idle, inCall, ways, heard } = measured;
  return {
    totalSeconds,
    setUpSeconds,
    operatorRssMiB,
    sfuIdleRssMiB: Math.max(...idle.values()),
    sfuFivePersonCallRssMiB: Math.max(...inCall.values()),
    ways,
    beforeScaleDown: figuresOf(heard.beforeScaleDown),
    whileDrainedByHand: figuresOf(heard.whileAsked),
    whileDraining: figuresOf(heard.whileDraining),
    afterScaleDown: figuresOf(heard.afterwards),
  };
}

/** What is kept in `docs/evidence/`. */
export interface StoryFigures {
  readonly totalSeconds: number;
  readonly setUpSeconds: number;
  readonly operatorRssMiB: number;
  readonly sfuIdleRssMiB: number;
  readonly sfuFivePersonCallRssMiB: number;
  /** How many of the big call go each way. */
  readonly ways: WayCounts;
  readonly beforeScaleDown: MatrixFigures;
  readonly whileDrainedByHand: MatrixFigures;
  readonly whileDraining: MatrixFigures;
  readonly afterScaleDown: MatrixFigures;
  readonly [figure: string]: number | MatrixFigures | WayCounts;
}

/** The figures of one matrix. */
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
