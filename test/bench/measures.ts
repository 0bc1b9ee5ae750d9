/** Pure: what is compared of two servers that were measured in turn. */
import type { RunResult } from './run.ts';
import { medianOf } from './summary.ts';

/** Both servers, one right after the other. */
export interface Round {
  readonly ours: RunResult;
  readonly rtcd: RunResult;
}

/** One figure of a run. */
export interface Measure {
  readonly id: string;
  /** As the heading of a column. */
  readonly title: string;
  /** NaN, or what is no number, where the run has none. */
  readonly of: (result: RunResult) => number;
  readonly digits: number;
}

const mebibyte = 2 ** 20;

/** What every scenario has, in the order of the columns. */
export const measures: readonly Measure[] = [
  { id: 'cpuPerPacketUs', title: 'µs CPU a packet', of: (run) => run.cpuPerPacketUs, digits: 1 },
  { id: 'cores', title: 'cores', of: (run) => run.cpuMs / 1000 / run.windowSeconds, digits: 3 },
  {
    id: 'memoryPerSessionMiB',
    title: 'MiB a session',
    of: ({ memory, sessions }) => (memory.during - memory.before) / sessions / mebibyte,
    digits: 2,
  },
  { id: 'residentMiB', title: 'MiB in all', of: ({ memory }) => memory.during / mebibyte, digits: 0 },
  { id: 'residentAfterMiB', title: 'MiB after', of: ({ memory }) => memory.after / mebibyte, digits: 0 },
  { id: 'delayP50Ms', title: 'delay p50 ms', of: (run) => run.delayMs.p50, digits: 1 },
  { id: 'delayP99Ms', title: 'delay p99 ms', of: (run) => run.delayMs.p99, digits: 1 },
  { id: 'joinP50Ms', title: 'join p50 ms', of: (run) => run.joinMs.p50, digits: 0 },
  { id: 'joinP99Ms', title: 'join p99 ms', of: (run) => run.joinMs.p99, digits: 0 },
];

/** A measure by its id: one of `measures`, or a figure of the scenario. */
export function measureOf(id: string): Measure {
  const digits = id.endsWith('Cores') ? 3 : 1;
  const own: Measure = { id, title: id, of: ({ figures }) => figures[id] ?? NaN, digits };
  return measures.find((measure) => measure.id === id) ?? own;
}

/** Those of `measures`, and what only this scenario measures. */
export function measuresOf(rounds: readonly Round[]): readonly Measure[] {
  return [...measures, ...figuresOf(rounds)];
}

/** What only this scenario measures. */
export function figuresOf(rounds: readonly Round[]): readonly Measure[] {
  const names = rounds.flatMap(({ ours, rtcd }) => Object.keys({ ...ours.figures, ...rtcd.figures }));
  return [...new Set(names)].map(measureOf);
}

/** Ours divided by rtcd's of the same round; the median over the rounds. NaN where either has none. */
export function ratioOf(rounds: readonly Round[], { of }: Measure): number {
  return medianOf(rounds.map(({ ours, rtcd }) => of(ours) / of(rtcd)));
}

/** The median of one server over the rounds. */
export function valueOf(rounds: readonly Round[], side: keyof Round, { of }: Measure): number {
  return medianOf(rounds.map((round) => of(round[side])));
}
