/**
 * `make campaign`: ten thousand scenarios in virtual time, and each story with a fault at each of its writes, in as many
 * threads as there are processors; each kind of `sim/kinds/` a twentieth of that beside them. `SEED=n` plays one scenario
 * again and tells it, `KIND=people` those of that kind alone. Last line: the totals.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { writeEvidence } from '../setup/evidence.ts';
import { kindNamed, kindNames, scenarioOfKind, type KindName } from './sim/kinds/kinds.ts';
import { playScenario, type Result } from './sim/run.ts';
import { scenarioOf, type Scenario } from './sim/scenario.ts';
import {
  playCrashPoint,
  scenarioOfStory,
  storyNamed,
  stories,
  writesOf,
  type CrashPoint,
} from './sim/stories.ts';
import { lineOf, problemOf, totalsOf } from './sim/totals.ts';

/** A scenario by its seed. */
interface Seed {
  readonly seed: number;
  readonly kind?: KindName;
}

/** One of both. */
type Job = Seed | CrashPoint;

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
      /** Only scenarios of this kind. */
      kind: { type: 'string' },
      /** Ends after so long with what was played by then. */
      minutes: { type: 'string', default: '1440' },
    },
  });
  const kind = values.kind === undefined ? undefined : kindNamed(values.kind);
  const count = numberOf('SCENARIOS', values.scenarios);
  const from = numberOf('the first seed (--from)', values.from);
  const untilMs = performance.now() + Number(values.minutes) * 60_000;
  if (values.seed !== undefined) await replay({ seed: numberOf('SEED', values.seed), ...(kind && { kind }) });
  else if (kind !== undefined) verdict(await playAll(seedsFrom(from, count, kind), untilMs));
  else await campaign(from, count, untilMs);
}

/** Throws for what is no count: a campaign of nothing has proved nothing. */
function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${text}: give a whole number above 0`);
}

async function replay(seed: Seed): Promise<void> {
  const result = await play(seed);
  console.log(`${toldOf({ job: seed, result })}\n`);
  verdict([{ job: seed, result }]);
}

async function campaign(from: number, count: number, untilMs: number): Promise<void> {
  // One of each kind after every twenty, so that a run that is cut short has some of all.
  const seeds = seedsFrom(from, count).flatMap((job, index): Job[] => [
    job,
    ...(index % 20 === 0 ? kindNames.map((kind) => ({ seed: from + index / 20, kind })) : []),
  ]);
  const jobs = [...(await crashPoints()), ...seeds];
  const played = await playAll(jobs, untilMs);
  await writeEvidence('campaign', 'make campaign', {
    firstSeed: from,
    ...totalsOf(played.map(({ result }) => result)),
    stories: tableOf(played),
    kinds: kindNames.map((name) => kindRow(name, played)),
  });
  verdict(played);
}

/** Tells the totals. */
function verdict(played: readonly Played[]): void {
  const totals = totalsOf(played.map(({ result }) => result));
  console.log(lineOf(totals));
  process.exitCode = totals.violations + totals.callsDropped === 0 ? 0 : 1;
}

function seedsFrom(from: number, count: number, kind?: KindName): Seed[] {
  return Array.from({ length: count }, (_, index) => ({ seed: from + index, ...(kind && { kind }) }));
}

function play(job: Job): Promise<Result> {
  return 'seed' in job ? playScenario(scenarioOfSeed(job)) : playCrashPoint(job);
}

function scenarioOfSeed({ seed, kind }: Seed): Scenario {
  return kind === undefined ? scenarioOf(seed) : scenarioOfKind(kind, seed);
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
  if ('seed' in job) {
    const replay = `make campaign ${job.kind === undefined ? '' : `KIND=${job.kind} `}SEED=${job.seed}`;
    return `seed ${job.seed}: ${replay} plays it again\n${problemOf(scenarioOfSeed(job), result)}`;
  }
  const { story, fault, write } = job;
  return `story ${story}, ${fault} at write ${write}\n${problemOf(scenarioOfStory(storyNamed(story)), result)}`;
}

/** What came of one kind. */
function kindRow(kind: KindName, played: readonly Played[]): Record<string, string | number> {
  const ofKind = played.filter(({ job }) => 'seed' in job && job.kind === kind);
  const { scenarios, callsStarted, callsDropped, violations } = totalsOf(ofKind.map(({ result }) => result));
  return { kind, scenarios, callsStarted, callsDropped, violations };
}

/** One row for each story. */
function tableOf(played: readonly Played[]): Record<string, string | number>[] {
  return stories.map(({ name }) => {
    const ofStory = played.filter(({ job }) => 'story' in job && job.story === name);
    const violations = ofStory.reduce((sum, { result }) => sum + result.violations.length, 0);
    return { story: name, writes: ofStory.length / 2, runs: ofStory.length, violations };
  });
}

/** Tells what is violated as soon as it is. */
async function playAll(jobs: readonly Job[], untilMs: number): Promise<Played[]> {
  const threads = Math.min(availableParallelism(), jobs.length);
  const played: Played[] = [];
  const told = { atMs: performance.now() };
  const shares = Array.from({ length: threads }, (_, thread) =>
    jobs.filter((_, at) => at % threads === thread),
  );
  const onPlayed = (one: Played): void => {
    played.push(one);
    if (one.result.violations.length > 0) console.log(`${toldOf(one)}\n`);
    if (performance.now() - told.atMs < 10_000) return;
    told.atMs = performance.now();
    console.log(`… ${lineOf(totalsOf(played.map(({ result }) => result)))}`);
  };
  await Promise.all(shares.map((share) => playInThread(share, { onPlayed, untilMs })));
  return played;
}

interface Run {
  readonly onPlayed: (one: Played) => void;
  /** By `performance.now()`. */
  readonly untilMs: number;
}

function playInThread(share: readonly Job[], { onPlayed, untilMs }: Run): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share });
  worker.on('message', onPlayed);
  const bell = setTimeout(() => void worker.terminate(), untilMs - performance.now());
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) => {
      clearTimeout(bell);
      if (code === 0 || performance.now() >= untilMs) resolve();
      else reject(new Error(`a thread ended with ${code} before it had played its share`));
    });
  });
}
