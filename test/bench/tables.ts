/** Pure: what was measured, as tables of Markdown. */
import { type Bar, bars, foundOf, verdictOf } from './bars.ts';
import { figuresOf, type Measure, measures, ratioOf, type Round, valueOf } from './measures.ts';
import type { Repeat } from './play.ts';

/** Rounds by the name of their scenario, in the order in which they were played. */
export type RoundsByScenario = ReadonlyMap<string, readonly Round[]>;

/** Each bar with what was found; bars of scenarios that were not played say so. */
export function barTable(played: RoundsByScenario): string {
  return table(
    ['asked', 'of', 'scenario', 'found', 'must', 'aim', ''],
    bars.map((bar) => barRow(bar, played.get(bar.scenario) ?? [])),
  );
}

function barRow(bar: Bar, rounds: readonly Round[]): readonly string[] {
  const begin = [bar.name, bar.of === 'ratio' ? 'ours ÷ rtcd' : 'ours', bar.scenario];
  const limits = [`${bar.must}`, `${bar.aim}`];
  if (rounds.length === 0) return [...begin, '', ...limits, 'not played'];
  const found = foundOf(bar, rounds);
  const digits = bar.must < 0.01 ? 4 : 2;
  return [...begin, `**${shown(found, digits)}**`, ...limits, verdictOf(bar, found)];
}

/** Medians of both servers in a scenario, and the median of the ratios of its rounds. */
export function scenarioTable(rounds: readonly Round[]): string {
  const row = (name: string, found: (measure: Measure) => number, digits?: number): readonly string[] => [
    name,
    ...measures.map((measure) => shown(found(measure), digits ?? measure.digits)),
  ];
  const rows = [
    row('ours', (measure) => valueOf(rounds, 'ours', measure)),
    row('rtcd', (measure) => valueOf(rounds, 'rtcd', measure)),
    row('ratio', (measure) => ratioOf(rounds, measure), 2),
  ];
  const all = table(['', ...measures.map(({ title }) => title)], rows);
  const own = figuresOf(rounds);
  return own.length === 0 ? all : `${all}\n\n${figureTable(rounds, own)}`;
}

function figureTable(rounds: readonly Round[], own: readonly Measure[]): string {
  const rows = own.map((measure) => [
    measure.title,
    shown(valueOf(rounds, 'ours', measure), measure.digits),
    shown(valueOf(rounds, 'rtcd', measure), measure.digits),
    shown(ratioOf(rounds, measure), 2),
  ]);
  return table(['figure', 'ours', 'rtcd', 'ratio'], rows);
}

/** What proves that the work was done, in one line. */
export function workLine(rounds: readonly Round[]): string {
  const sums = (['ours', 'rtcd'] as const).map((side) => {
    const total = (of: (run: Round['ours']) => number): number =>
      rounds.reduce((sum, round) => sum + of(round[side]), 0);
    const work = `${total((run) => run.forwarded)} of ${total((run) => run.expected)} packets`;
    const again = `${total((run) => run.refusals)} unmutings and ${total((run) => run.rejoins)} joins repeated`;
    return `${side} ${work}, ${total((run) => run.lost)} lost, ${again}`;
  });
  const loads = rounds.flatMap(({ ours, rtcd }) => [ours.generatorLoad, rtcd.generatorLoad]);
  const most = (Math.max(0, ...loads) * 100).toFixed(0);
  return `${rounds.length} rounds: ${sums.join('; ')}. The generator used at most ${most} % of its core.`;
}

/** Runs that did not count, by server and reason; a line each. */
export function repeatLines(repeats: readonly Repeat[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { scenario, kind, reason } of repeats) {
    const line = `${kind}, ${scenario}: ${reason.replaceAll(/\d+ of \d+/g, 'some of all').replaceAll(/\b[a-z0-9]{26}\b/g, 'a session')}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  if (counts.size === 0) return ['No run had to be played again.'];
  return [...counts].map(([line, count]) => `- ${count} × ${line}`);
}

function shown(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
