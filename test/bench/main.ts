/**
 * `make bench`: plays scenarios on our server and on rtcd in turn. `--scenario=1x50-u2` (again for more; default all),
 * `--rounds=6`, `--minutes=33` (begins no round that would not end in time). `--keep` measures suites and the bare worker,
 * too, and writes everything into docs/; with `--scenario` it takes only the place of these scenarios there, each of which
 * is played as often as the others. `--compare` fails when a ratio is worse than what was kept.
 */
import { parseArgs } from 'node:util';

import { startProgress } from '../setup/progress.ts';
import { compare, comparisonLine, leastRounds } from './baseline.ts';
import { measureExtras } from './extras.ts';
import { type BenchOrder, playRounds } from './play.ts';
import { keepAgain, keepBench, ratiosOf, readBaseline } from './report.ts';
import { scenarios } from './scenarios.ts';
import { measuredProgram } from './servers.ts';
import { barTable, repeatLines, scenarioTable, workLine } from './tables.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '6' },
    minutes: { type: 'string', default: '33' },
    keep: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
  },
});
/** As it can be typed again: figures say what they came of. */
const command = `make bench BENCH="${process.argv.slice(2).join(' ')}"`;
const [rounds, minutes] = [Number(values.rounds), Number(values.minutes)];
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds=${values.rounds}: a whole number of at least 1`);
if (!(minutes > 0)) throw new Error(`--minutes=${values.minutes}: a number above 0`);
const names = values.scenario ?? scenarios.map(({ name }) => name);
const unknown = names.filter((name) => !scenarios.some((one) => one.name === name));
if (unknown.length > 0)
  throw new Error(`--scenario=${unknown.join()}: there are ${scenarios.map(({ name }) => name).join(', ')}`);
// A server ends with this process, which must exit for that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const say = startProgress();
const programs = { ours: await measuredProgram('ours', say), rtcd: await measuredProgram('rtcd', say) };
const isWhole = values.scenario === undefined;
const chosen = scenarios
  .filter(({ name }) => names.includes(name))
  .map((scenario) => (isWhole || scenario.rounds === undefined ? scenario : { ...scenario, rounds }));
const order: BenchOrder = { programs, scenarios: chosen, rounds, minutes, say };
const bench = await playRounds(order);
for (const [name, played] of [...bench.played].filter(([, rounds]) => rounds.length > 0))
  process.stdout.write(`\n${name}\n${scenarioTable(played)}\n\n${workLine(played)}\n`);
process.stdout.write(
  `\n${barTable(bench.played)}\n\n${repeatLines([...bench.repeats, ...bench.failed]).join('\n')}\n`,
);
if (values.keep && isWhole) await keepBench({ ...bench, ...(await measureExtras(order)) }, command);
if (values.keep && !isWhole) await keepAgain(bench, command);
if (values.compare) {
  const judged = new Map([...bench.played].filter(([, played]) => played.length >= leastRounds));
  const comparisons = compare(ratiosOf(judged), await readBaseline());
  const tooFew = [...bench.played.keys()].filter((name) => !judged.has(name));
  const unjudged = tooFew.map((name) => `; ${name}: fewer than ${leastRounds} rounds, not judged`).join('');
  process.stdout.write(`\n${comparisonLine(comparisons)}${unjudged}\n`);
  if (bench.failed.length > 0 || comparisons.some(({ isRegression }) => isRegression)) process.exitCode = 1;
}
