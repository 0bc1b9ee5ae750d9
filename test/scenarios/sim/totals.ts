/** Pure: what came of many scenarios, as one line and as figures. */
import type { Result } from './run.ts';
import type { Scenario } from './scenario.ts';

/** See the file comment. */
export interface Totals {
  readonly scenarios: number;
  /** Writes of operators, each checked against every invariant. */
  readonly steps: number;
  readonly callsStarted: number;
  readonly callsLostToOthers: number;
  readonly callsEndedAtDeadline: number;
  readonly callsDropped: number;
  readonly violations: number;
}

/** Adds them up. */
export function totalsOf(results: readonly Result[]): Totals {
  const sum = (of: (result: Result) => number): number => results.reduce((total, one) => total + of(one), 0);
  return {
    scenarios: results.length,
    steps: sum(({ steps }) => steps),
    callsStarted: sum(({ callsStarted }) => callsStarted),
    callsLostToOthers: sum(({ callsLostToOthers }) => callsLostToOthers),
    callsEndedAtDeadline: sum(({ callsEndedAtDeadline }) => callsEndedAtDeadline),
    callsDropped: sum(({ callsDropped }) => callsDropped),
    violations: sum(({ violations }) => violations.length),
  };
}

/** The last line of a campaign. */
export function lineOf({
  scenarios,
  steps,
  callsStarted,
  callsDropped,
  violations,
  ...rest
}: Totals): string {
  const { callsLostToOthers, callsEndedAtDeadline } = rest;
  const theirs = `${callsLostToOthers} lost to power cuts and others' deletions, ${callsEndedAtDeadline} ended at their stated deadline`;
  return `${scenarios} scenarios, ${steps} steps, ${callsStarted} calls started (${theirs}), ${callsDropped} calls dropped, ${violations} violations`;
}

/** What a person needs to understand it: what happened in the scenario, and what was violated when. */
export function problemOf({ events, ...scenario }: Scenario, { violations }: Result): string {
  const time = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(7)} s`;
  const deeds = events.map(({ atMs, ...deed }) => `${time(atMs)}  ${JSON.stringify(deed)}`);
  const found = violations.map(
    ({ atMs, invariant, message }) => `${time(atMs)}  VIOLATED ${invariant}: ${message}`,
  );
  return [JSON.stringify(scenario), ...[...deeds, ...found].toSorted()].join('\n');
}
