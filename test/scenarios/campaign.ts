/**
 * `make campaign`: ten thousand scenarios in virtual time, and each story with a fault at each of its writes, in as many
 * threads as there are processors. `SEED=n` plays one scenario again and tells it. Last line: the totals.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { writeEvidence } from '../setup/evidence.ts';
import { playScenario, type Result } from './sim/run.ts';
import { scenarioOf } from './sim/scenario.ts';
import {
  playCrashPoint,
  scenarioOfStory,
  storyNamed,
  stories,
  writesOf,
  type CrashPoint,
} from './sim/stories.ts';
import { lineOf, problemOf, totalsOf } from './sim/totals.ts';

/** A scenario by its seed, or a story with one fault. */
type Job = { readonly seed: number } | CrashPoint;

/** A job and what came of it. */
interface Played {
  readonly job: Job;
  readonly result: Result;
}

if (isMainThread) await lead();
else
  for (const job of workerData as readonly Job[]) parentPort?.postMessage({ job, result: await play(job) });

async function lead(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      scenarios: { type: 'string', default: '10000' },
      /** The first seed. */
      from: { type: 'string', default: '1' },
    },
  });
  const isOne = values.seed !== undefined;
  const from = Number(values.seed ?? values.from);
  const count = isOne ? 1 : Number(values.scenarios);
  const seeds = Array.from({ length: count }, (_, index): Job => ({ seed: from + index }));
  const points = isOne ? [] : await crashPoints();
  const played = await playAll([...points, ...seeds]);
  for (const one of played) if (isOne || one.result.violations.length > 0) console.log(`${toldOf(one)}\n`);
  const totals = totalsOf(played.map(({ result }) => result));
  if (!isOne)
    await writeEvidence('campaign', `make campaign SCENARIOS=${count}`, {
      firstSeed: from,
      ...totals,
      stories: tableOf(played),
    });
  console.log(lineOf(totals));
  process.exitCode = totals.violations + totals.callsDropped === 0 ? 0 : 1;
}

function play(job: Job): Promise<Result> {
  return 'seed' in job ? playScenario(scenarioOf(job.seed)) : playCrashPoint(job);
}

async function crashPoints(): Promise<CrashPoint[]> {
  const points: CrashPoint[] = [];
  for (const story of stories) {
    const writes = Array.from({ length: await writesOf(story) }, (_, index) => index + 1);
    for (const write of writes)
      for (const fault of ['crash', 'lostAnswer'] as const) points.push({ story: story.name, fault, write });
  }
  return points;
}

function toldOf({ job, result }: Played): string {
  if ('seed' in job)
    return `seed ${job.seed}: make campaign SEED=${job.seed} plays it again\n${problemOf(scenarioOf(job.seed), result)}`;
  const { story, fault, write } = job;
  return `story ${story}, ${fault} at write ${write}\n${problemOf(scenarioOfStory(storyNamed(story)), result)}`;
}

/** One row for each story. */
function tableOf(played: readonly Played[]): Record<string, string | number>[] {
  return stories.map(({ name }) => {
    const ofStory = played.filter(({ job }) => 'story' in job && job.story === name);
    const violations = ofStory.reduce((sum, { result }) => sum + result.violations.length, 0);
    return { story: name, writes: ofStory.length / 2, runs: ofStory.length, violations };
  });
}

async function playAll(jobs: readonly Job[]): Promise<Played[]> {
  const threads = Math.min(availableParallelism(), jobs.length);
  const played: Played[] = [];
  const told = { atMs: performance.now() };
  const shares = Array.from({ length: threads }, (_, thread) =>
    jobs.filter((_, at) => at % threads === thread),
  );
  const onPlayed = (one: Played): void => {
    played.push(one);
    if (performance.now() - told.atMs < 10_000) return;
    told.atMs = performance.now();
    console.log(`… ${lineOf(totalsOf(played.map(({ result }) => result)))}`);
  };
  await Promise.all(shares.map((share) => playInThread(share, onPlayed)));
  return played;
}

function playInThread(share: readonly Job[], onPlayed: (one: Played) => void): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share });
  worker.on('message', onPlayed);
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}
