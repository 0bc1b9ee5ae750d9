/** Pure: what a run found, edge by edge, as a table and as counts. */
import type { Outcome } from './live/round.ts';

/** Everything about one edge so far. */
export interface EdgeTotals {
  readonly name: string;
  readonly inputs: number;
  readonly crashes: readonly string[];
  readonly closedSessions: number;
  readonly disturbances: readonly string[];
  readonly logLines: number;
  /** Resident memory of Node and of the media workers, MiB; undefined where no server was involved. */
  readonly memoryMiB: { readonly before: Memory; readonly after: Memory } | undefined;
}

/** MiB. */
export interface Memory {
  readonly node: number;
  readonly workers: number;
}

/** Nothing yet. */
export function noTotals(name: string): EdgeTotals {
  return {
    name,
    inputs: 0,
    crashes: [],
    closedSessions: 0,
    disturbances: [],
    logLines: 0,
    memoryMiB: undefined,
  };
}

/** One more round; `replay` says how to have it again. */
export function withOutcome(totals: EdgeTotals, outcome: Outcome, replay: string): EdgeTotals {
  const { before, after = before } = outcome;
  const noted = (problem: string | undefined): string[] =>
    problem === undefined ? [] : [`${problem} (${replay})`];
  return {
    name: totals.name,
    inputs: totals.inputs + outcome.inputs,
    crashes: [...totals.crashes, ...noted(outcome.crash)],
    closedSessions: totals.closedSessions + after.closedSessions - before.closedSessions,
    disturbances: [...totals.disturbances, ...noted(outcome.disturbance)],
    logLines: totals.logLines + after.logLines - before.logLines,
    memoryMiB: {
      before: totals.memoryMiB?.before ?? { node: before.nodeRssMiB, workers: before.workersRssMiB },
      after: { node: after.nodeRssMiB, workers: after.workersRssMiB },
    },
  };
}

/** What is wrong, in the order in which it was found. */
export function problemsOf(totals: EdgeTotals): readonly string[] {
  return [...totals.crashes, ...totals.disturbances];
}

/** A line of the table. */
export function rowOf({
  name,
  inputs,
  crashes,
  closedSessions,
  disturbances,
  logLines,
  memoryMiB,
}: EdgeTotals): string {
  const memory =
    memoryMiB === undefined
      ? ''
      : `node ${memoryMiB.before.node} → ${memoryMiB.after.node} MiB, workers ${memoryMiB.before.workers} → ${memoryMiB.after.workers} MiB`;
  const cells = [inputs, crashes.length, closedSessions, disturbances.length, logLines].map((one) =>
    String(one).padStart(10),
  );
  return `${name.padEnd(22)}${cells.join('')}  ${memory}`;
}

/** The first line of the table. */
export const tableHead = `${'edge'.padEnd(22)}${['inputs', 'crashes', 'closed', 'disturbed', 'log lines'].map((one) => one.padStart(10)).join('')}  memory before → after`;

/** The figures of a run. */
export function evidenceOf(
  all: readonly EdgeTotals[],
  seed: number,
): Record<string, number | Record<string, number>> {
  const sum = (of: (totals: EdgeTotals) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    seed,
    inputs: Object.fromEntries(
      all.filter(({ inputs }) => inputs > 0).map(({ name, inputs }) => [name, inputs]),
    ),
    crashes: sum(({ crashes }) => crashes.length),
    closedSessions: sum(({ closedSessions }) => closedSessions),
    disturbedNeighbours: sum(({ disturbances }) => disturbances.length),
  };
}
