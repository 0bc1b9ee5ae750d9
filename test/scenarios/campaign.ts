/**
 * `make campaign`: ten thousand scenarios in virtual time, in as many threads as there are processors. `SEED=n` plays
 * one again and tells what happened. Last line: the totals.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { writeEvidence } from '../setup/evidence.ts';
import { playScenario, type Result } from './sim/run.ts';
import { scenarioOf } from './sim/scenario.ts';
import { lineOf, problemOf, totalsOf } from './sim/totals.ts';

/** Seeds of one thread: `from`, `from + step`, … below `to`. */
interface Share {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

if (isMainThread) await lead();
else await playShare(workerData as Share);

async function lead(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '' },
      scenarios: { type: 'string', default: '10000' },
      /** The first seed. */
      from: { type: 'string', default: '1' },
    },
  });
  const from = Number(values.seed === '' ? values.from : values.seed);
  const count = values.seed === '' ? Number(values.scenarios) : 1;
  const results = await playAll(from, from + count);
  for (const result of results.filter(isWorthTelling(values.seed !== '')))
    console.log(`${problemOf(scenarioOf(result.seed), result)}\n`);
  const totals = totalsOf(results);
  if (values.seed === '') await writeEvidence('campaign', 'make campaign', { firstSeed: from, ...totals });
  console.log(lineOf(totals));
  process.exitCode = totals.violations + totals.callsDropped === 0 ? 0 : 1;
}

function isWorthTelling(isAsked: boolean): (result: Result) => boolean {
  return ({ violations, callsDropped }) => isAsked || violations.length > 0 || callsDropped > 0;
}

async function playAll(from: number, to: number): Promise<Result[]> {
  const threads = Math.min(availableParallelism(), to - from);
  const results: Result[] = [];
  const told = { at: performance.now() };
  const shares = Array.from({ length: threads }, (_, index) => ({ from: from + index, to, step: threads }));
  await Promise.all(
    shares.map((share) =>
      playInThread(share, (result) => {
        results.push(result);
        if (performance.now() - told.at < 10_000) return;
        told.at = performance.now();
        console.log(`… ${lineOf(totalsOf(results))}`);
      }),
    ),
  );
  return results.toSorted((a, b) => a.seed - b.seed);
}

function playInThread(share: Share, onResult: (result: Result) => void): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share });
  worker.on('message', onResult);
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

async function playShare({ from, to, step }: Share): Promise<void> {
  for (let seed = from; seed < to; seed += step)
    parentPort?.postMessage(await playScenario(scenarioOf(seed)));
}
