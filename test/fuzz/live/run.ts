/** Rounds over the ways into a server until the time is up. A server that ended is started again. */
import { eventually } from '../../support/eventually.ts';
import { type EdgeTotals, noTotals, withOutcome } from '../totals.ts';
import { type Bystander, startBystander } from './bystander.ts';
import type { LiveEdge } from './edges.ts';
import { memoryProblem } from './memory.ts';
import { attackOnce } from './round.ts';
import { type Look, startTarget, type Target } from './target.ts';

/** What to run, and for how long. */
export interface RunOptions {
  readonly edges: readonly LiveEdge[];
  readonly seed: number;
  readonly firstRound: number;
  /** Inputs of a round; see `LiveEdge.share`. */
  readonly count: number;
  readonly timeMs: number;
}

interface Ground {
  readonly target: Target;
  readonly bystander: Bystander;
}

/** Attacks each edge in turn; then everything must be as calm as after the first round. */
export async function runLive(options: RunOptions): Promise<EdgeTotals[]> {
  const { edges, seed, count } = options;
  const totals = new Map(edges.map(({ name }) => [name, noTotals(name)]));
  const deadlineMs = performance.now() + options.timeMs;
  let ground = await open();
  const calms: Look[] = [];
  for (let round = options.firstRound; calms.length < 2 || performance.now() < deadlineMs; round += 1) {
    for (const edge of edges) {
      const outcome = await attackOnce(edge, ground, { seed: (seed + round) | 0, count });
      const replay = `--seed ${seed} --round ${round} --count ${count} --edge '${edge.name}'`;
      totals.set(edge.name, withOutcome(totals.get(edge.name) ?? noTotals(edge.name), outcome, replay));
      if (outcome.crash === undefined && outcome.disturbance === undefined) continue;
      await close(ground);
      ground = await open();
      calms.length = 0;
    }
    calms.push(await calm(ground.target));
    process.stdout.write(`round ${round}: ${JSON.stringify(calms.at(-1))}\n`);
  }
  await close(ground);
  const problem = memoryProblem(calms);
  return [...totals.values(), { ...noTotals('afterwards'), crashes: problem === undefined ? [] : [problem] }];
}

/** Everybody but the bystanders is gone again; half-open sessions take as long as their time-out. */
async function calm(target: Target): Promise<Look> {
  await eventually(
    async () => {
      const { sessions } = await target.look();
      return sessions === 2 ? undefined : `${sessions} sessions instead of the bystanders' two`;
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
  return target.look();
}

async function open(): Promise<Ground> {
  const target = await startTarget();
  return { target, bystander: await startBystander(target.sfu.url) };
}

async function close({ target, bystander }: Ground): Promise<void> {
  bystander.close();
  await target.sfu.stop();
}
