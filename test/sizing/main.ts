/**
 * `make prices`: what a session and a track cost on our SFU, from loads that are played on a server with a core of its
 * own. The evidence that it writes is what `npm run generate` makes `operator/fleet/scale/priceList.ts` of.
 * Takes some six minutes; `--rounds=2` plays each load so many times, and the median counts.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Program } from '../contract/server.ts';
import type { GeneratorOrder } from '../bench/generator.ts';
import { playOn } from '../bench/onGenerator.ts';
import type { RunResult } from '../bench/run.ts';
import type { Scenario } from '../bench/scenarios.ts';
import { measuredProgram, startMeasured } from '../bench/servers.ts';
import { medianOf } from '../bench/summary.ts';
import { treeUse } from '../bench/tree.ts';
import { writeEvidence } from '../setup/evidence.ts';
import { startProgress } from '../setup/progress.ts';
import { fitPrices, type Sample } from './fit.ts';
import { countsOf, loads } from './loads.ts';

const phases: GeneratorOrder['phases'] = { settleSeconds: 2, windowSeconds: 8, afterSeconds: 0 };
const idleSeconds = 5;
/** A machine that is busy with something else may not get all packets through. */
const tries = 3;

/** On a server of its own, again where it did not work. Rejects with why the last time did not. */
async function playSoon(program: Program, scenario: Scenario): Promise<RunResult> {
  for (let left = tries - 1; left > 0; left -= 1) {
    try {
      return await playOn(program, { scenario, phases });
    } catch (error) {
      const [why = ''] = String(error).split('\n');
      say(`${scenario.name}: once more, because ${why}`);
    }
  }
  return playOn(program, { scenario, phases });
}

/** Millicores of a server that nobody is on. */
async function idleUse(program: Program): Promise<number> {
  const server = await startMeasured(program);
  try {
    await seconds(phases.settleSeconds);
    const before = treeUse(server.target.pid).cpuMs;
    await seconds(idleSeconds);
    return (treeUse(server.target.pid).cpuMs - before) / idleSeconds;
  } finally {
    await server.stop();
  }
}

const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1000));
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds=${values.rounds}: a whole number of at least 1`);
// A server ends with this process, which must exit for that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const say = startProgress();
const program = await measuredProgram('ours', say);
const idle = await idleUse(program);
say(`with nobody there: ${idle.toFixed(1)} millicores`);
const samples: Sample[] = [];
for (const load of loads) {
  const used = [];
  for (let round = 0; round < rounds; round += 1) {
    const { cpuMs, windowSeconds } = await playSoon(program, load);
    used.push(cpuMs / windowSeconds - idle);
  }
  const millicores = medianOf(used);
  samples.push({ name: load.name, counts: countsOf(load), millicores });
  say(`${load.name}: ${millicores.toFixed(1)} millicores`);
}
const { prices, residuals, rmsShare } = fitPrices(samples);
const shareOf = (name: string): number => residuals.find((one) => one.name === name)?.share ?? NaN;
const file = await writeEvidence('prices', `make prices PRICES="--rounds ${rounds}"`, {
  machineLoad: rounded(loadavg()[1] ?? NaN, 1),
  idleMillicores: rounded(idle, 1),
  millicores: Object.fromEntries(
    Object.entries(prices).map(([name, price]) => [name, rounded(price as number, 3)]),
  ),
  errorPercent: rounded(rmsShare * 100, 1),
  loads: samples.map(({ name, counts, millicores }) => ({
    load: name,
    ...counts,
    millicores: rounded(millicores, 1),
    errorPercent: rounded(shareOf(name) * 100, 1),
  })),
});
process.stdout.write(`${file}\n`);
