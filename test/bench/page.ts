/** Pure: puts what was measured between the marks of `docs/performance.md`; what people wrote around them stays. */
import { serverKinds } from '../contract/quirk.ts';
import type { Extras } from './extras.ts';
import { measureOf, valueOf } from './measures.ts';
import type { Bench } from './play.ts';
import { shortfallLines } from './shortfall.ts';
import { medianOf } from './summary.ts';
import { barTable, repeatLines, scenarioTable, table, workLine } from './tables.ts';

const begin = '<!-- bench: drawn by `make bench` -->';
const end = '<!-- /bench -->';
/** The floor carries its load. */
const floorScenario = '1x50-u2';

/** Where and when it was measured, as evidence says it. */
export interface Source {
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
}

/** The same of scenarios that were measured by themselves. */
export interface Again extends Source {
  readonly command: string;
}

/** All that a whole run found out, and what has been measured again since, by scenario. */
export interface WholeBench extends Bench, Extras {
  readonly again?: Readonly<Record<string, Again>>;
}

/** Throws when the page has no marks. */
export function pageWith(page: string, bench: WholeBench, source: Source): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the marks ${begin} and ${end}`);
  const drawn = [
    begin,
    '',
    `Measured at ${source.commit}, ${source.date.slice(0, 10)}, on ${source.machine}. Every run: [rounds.json](evidence/bench/rounds.json).`,
    '',
    ...againLines(bench),
    barTable(bench.played),
    '',
    '![CPU of a packet by scenario](pictures/bench.svg)',
    '',
    ...suiteLines(bench),
    ...floorLines(bench),
    ...profileLines(bench),
    ...shortfallLines(bench),
    ...scenarioLines(bench),
    '### Runs that did not count',
    '',
    'A run in which somebody heard nobody, or packets were missing, is played again: a round needs both servers.',
    '',
    ...repeatLines([...bench.repeats, ...bench.failed]),
    '',
  ];
  return page.slice(0, from) + drawn.join('\n') + page.slice(to);
}

function againLines({ again = {} }: WholeBench): readonly string[] {
  return Object.entries(again).flatMap(([name, { command, commit, date, machine }]) => [
    `The scenario ${name} was measured by itself since: \`${command}\` at ${commit}, ${date.slice(0, 10)}, on ${machine}.`,
    '',
  ]);
}

function suiteLines({ suites }: Extras): readonly string[] {
  const rows = serverKinds.map((kind) => [
    kind,
    suites[kind]?.generator ?? 'not measured',
    suites[kind]?.chromium ?? 'not measured',
  ]);
  return [
    '### SRTP suites',
    '',
    'The generator’s library offers a fixed list, and each server chooses from it: read from the handshake. Chromium’s own statistics say its.',
    '',
    table(['server', 'generator', 'Chromium'], rows),
    '',
  ];
}

function floorLines({ floors, played }: WholeBench): readonly string[] {
  const row = (name: string, us: number): readonly string[] => [name, us.toFixed(1)];
  const measure = measureOf('cpuPerPacketUs');
  const rounds = played.get(floorScenario) ?? [];
  const rows = [
    ...floors.map(({ suite, results }) =>
      row(`bare media worker, ${suite}`, medianOf(results.map(({ cpuPerPacketUs }) => cpuPerPacketUs))),
    ),
    ...(rounds.length === 0
      ? []
      : [row('our server', valueOf(rounds, 'ours', measure)), row('rtcd', valueOf(rounds, 'rtcd', measure))]),
  ];
  return [
    '### The floor',
    '',
    `What one media worker costs that was told what to do once, under the load of ${floorScenario}: no ICE, no DTLS, no data channels, no signalling.`,
    '',
    table(['', 'µs CPU a packet'], rows),
    '',
  ];
}

function profileLines({ profiles }: Extras): readonly string[] {
  const rows = serverKinds.flatMap((kind) =>
    (profiles[kind]?.parts ?? []).map(({ name, share }) => [
      kind,
      name,
      `${(share * 100).toFixed(0)} %`,
      (share * (profiles[kind]?.cpuPerPacketUs ?? NaN)).toFixed(1),
    ]),
  );
  const none = 'Not measured: the run said why. perf(1) is in Debian’s package `linux-perf`.';
  return [
    '### Where the time goes',
    '',
    `What perf(1) saw of all processes of a server in ${floorScenario} while nobody came or went; its own cost is in the figures.`,
    '',
    rows.length === 0 ? none : table(['server', 'part', 'share', 'µs CPU a packet'], rows),
    '',
  ];
}

function scenarioLines({ played }: Bench): readonly string[] {
  return [...played]
    .filter(([, rounds]) => rounds.length > 0)
    .flatMap(([name, rounds]) => [`### ${name}`, '', scenarioTable(rounds), '', workLine(rounds), '']);
}
