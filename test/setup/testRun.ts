/**
 * `make test`: set-up, the steps of `npm run check`, the tests by what they need, some
 * parts at a time. Everything runs even after a failure; what failed is told
 * again at the end. The last line is `N passed, N failed`. With `--all` also what takes long.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { countsOf, type Result } from '../contract/results.ts';
import { cached } from './cache.ts';
import { type Part, partsAtOnce, stagesOf } from './parts.ts';
import { prepareTests } from './prepare.ts';
import { type Say, startProgress } from './progress.ts';
import { type JestReport, lastLine, type Outcome, outcomeOf, sumOf } from './results.ts';
import { sideBySide } from './sideBySide.ts';

const root = join(import.meta.dirname, '../..');

async function runCheck(name: string): Promise<Outcome> {
  const { code, output } = await runVisibly('npm', ['run', '--silent', name]);
  if (code === 0) return { passed: 1, failures: [] };
  return { passed: 0, failures: [{ name: `npm run ${name}`, message: output }] };
}

/** Unit tests wait for nothing: two at a time, also where jest would leave a core of two to others. What a process keeps of files that are done is given back. */
const unitWorkers = [
  `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`,
  '--workerIdleMemoryLimit=1GB',
];

async function runProject(name: string, shard: string | undefined): Promise<Outcome> {
  const { report, output, code, wasHanging } = await runReporting((file) => [
    ...['jest', '--', '--selectProjects', name, '--passWithNoTests'],
    ...['--json', `--outputFile=${file}`, ...(name === 'unit' ? unitWorkers : ['--runInBand'])],
    ...(shard === undefined ? [] : [`--shard=${shard}`]),
  ]);
  if (report !== undefined && !wasHanging)
    return outcomeOf(JSON.parse(report.replaceAll(`${root}/`, '')) as JestReport);
  const end = wasHanging
    ? `did not end within ${endGraceMs / 1000} s of its last test`
    : `ended with ${code}`;
  return { passed: 0, failures: [{ name: `tests ${name} (jest ${end})`, message: output }] };
}

/** The scenarios on one server; all of them when everything is to be run, else without the slow ones. */
async function runConformance(server: string, isWhole: boolean): Promise<Outcome> {
  const { report, output, code } = await runReporting((file) => [
    ...['conformance', '--', `--server=${server}`, `--report=${file}`, ...(isWhole ? [] : ['--short'])],
  ]);
  const name = `conformance of ${server}`;
  if (report === undefined)
    return { passed: 0, failures: [{ name: `${name} (ended with ${code})`, message: output }] };
  const results = JSON.parse(report) as readonly Result[];
  const failures = results.flatMap((result) =>
    result.failure === undefined
      ? []
      : [{ name: `${name}: ${result.group}: ${result.name}`, message: result.failure }],
  );
  return { passed: countsOf(results).passed, failures };
}

/** An npm script that writes what it found to a file; `report` is undefined when it wrote none. */
async function runReporting(
  scriptOf: (file: string) => readonly string[],
): Promise<Ended & { readonly report: string | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'rtc-tests-'));
  const file = join(folder, 'report.json');
  try {
    const ended = await runVisibly('npm', ['run', '--silent', ...scriptOf(file)]);
    return { ...ended, report: await readFile(file, 'utf8').catch(() => undefined) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What jest says a second after its last test when something is still open. */
const stillOpen = 'Jest did not exit';

/** What is still closing by then may close; what a test left open for good would keep jest for ever. */
const endGraceMs = 30_000;

/** How a command ended; `output` is the end of what it said. */
interface Ended {
  readonly code: number;
  readonly output: string;
  /** It was ended by us, since it would not end by itself. */
  readonly wasHanging: boolean;
}

/** Shows what the command says while it runs, and keeps the end of it. */
async function runVisibly(command: string, args: readonly string[]): Promise<Ended> {
  // In a group of its own, so that one signal reaches what npm started.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  let ending: NodeJS.Timeout | undefined;
  let wasHanging = false;
  const end = (): void => {
    wasHanging = true;
    killGroup(child.pid);
  };
  const keep = (text: string): void => {
    process.stdout.write(text);
    output = (output + text).slice(-20_000);
    if (output.includes(stillOpen)) ending ??= setTimeout(end, endGraceMs);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  clearTimeout(ending);
  return { code, output, wasHanging };
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function runPart(part: Part, isAll: boolean, say: Say): Promise<Outcome> {
  const title = titleOf(part);
  say(`${title}: started`);
  const startedMs = performance.now();
  const outcome = await outcomeOfPart(part, isAll);
  say(`${title}: ${lastLine(outcome)} in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return outcome;
}

function titleOf(part: Part): string {
  if (part.kind === 'check') return part.name;
  if (part.kind === 'conformance') return `conformance of ${part.name}`;
  return part.shard === undefined ? `tests ${part.name}` : `tests ${part.name} ${part.shard}`;
}

function outcomeOfPart(part: Part, isAll: boolean): Promise<Outcome> {
  if (part.kind === 'check') return runCheck(part.name);
  return part.kind === 'tests' ? runProject(part.name, part.shard) : runConformance(part.name, isAll);
}

/** Without what set-up brings no test says anything, so its failure is the only one. */
async function runAll(isAll: boolean): Promise<Outcome> {
  // What is started again and again is compiled once.
  process.env['NODE_COMPILE_CACHE'] ??= cached('compile');
  const say = startProgress();
  try {
    await prepareTests(say);
  } catch (error) {
    return { passed: 0, failures: [{ name: 'set-up', message: String(error) }] };
  }
  const outcomes: Outcome[] = [];
  for (const stage of stagesOf(isAll))
    outcomes.push(...(await sideBySide(stage, partsAtOnce, (part) => runPart(part, isAll, say))));
  return sumOf(outcomes);
}

if (import.meta.main) {
  const outcome = await runAll(process.argv.includes('--all'));
  for (const { name, message } of outcome.failures) process.stdout.write(`\nFAILED ${name}\n${message}\n`);
  process.stdout.write(`\n${lastLine(outcome)}\n`);
  process.exitCode = outcome.failures.length === 0 ? 0 : 1;
}
