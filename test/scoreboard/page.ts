/** PURE: rounds → the part of docs/autoscaling.md between its marks, and the figures to keep. */
import type { EvidenceValues } from '../setup/figures.ts';
import type { Round } from './board.ts';
import type { Outcome } from './run.ts';

const begin = '<!-- scoreboard -->';
const end = '<!-- /scoreboard -->';

/** Path of a trace's chart, from docs/. */
export function chartPath(name: string): string {
  return `evidence/autoscaling-${name}.svg`;
}

/** The page with its scoreboard drawn anew. Throws where the marks are missing. */
export function pageWith(page: string, rounds: readonly Round[]): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${begin} and ${end} are not both there`);
  return `${before}${begin}\n\n${rounds.map(section).join('\n')}\n${end}${after}`;
}

function section({ trace, outcomes }: Round): string {
  return [
    `### ${trace.name}: ${trace.about}`,
    '',
    `![Wanted pods over time](${chartPath(trace.name)})`,
    '',
    '| policy | overloaded, min | without room | dropped | pod-hours | reversals |',
    '| --- | --- | --- | --- | --- | --- |',
    ...outcomes.map(row),
    '',
  ].join('\n');
}

function row(outcome: Outcome): string {
  const { policy, overloadedMinutes, callsWithoutRoom, droppedCalls, podHours, reversals } = outcome;
  const cells = [
    policy,
    overloadedMinutes.toFixed(1),
    callsWithoutRoom,
    droppedCalls,
    podHours.toFixed(1),
    reversals,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** One list for each trace. */
export function figuresOf(rounds: readonly Round[]): EvidenceValues {
  return Object.fromEntries(
    rounds.map(({ trace, outcomes }) => [
      trace.name,
      outcomes.map(({ policy, overloadedMinutes, callsWithoutRoom, droppedCalls, podHours, reversals }) => ({
        ...{ policy, overloadedMinutes: tenth(overloadedMinutes), callsWithoutRoom, droppedCalls },
        ...{ podHours: tenth(podHours), reversals },
      })),
    ]),
  );
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
