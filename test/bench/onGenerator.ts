/** Our programs that measure run by themselves on the generator's core, take an order as JSON and print figures as JSON. */
import type { Program } from '../contract/server.ts';
import { run } from '../setup/run.ts';
import type { GeneratorOrder } from './generator.ts';
import type { RunResult } from './run.ts';
import { cores, onCore, startMeasured } from './servers.ts';
import type { Target } from './target.ts';

const generator = `${import.meta.dirname}/generator.ts`;
const runLimitMs = 180_000;

/** Pure: what a process printed of its figures. JSON has no NaN and writes null: what was not measured must not become 0. */
export function readMeasured(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) => (value === null ? NaN : value)) as unknown;
}

/** What `file` measures by `order`. Rejects with what it printed when it fails or takes longer than `timeoutMs`. */
export async function measureBy(file: string, order: object, timeoutMs: number): Promise<unknown> {
  const command = onCore(cores.generator, [process.execPath, file, JSON.stringify(order)]);
  const { stdout } = await run('env', command, { timeoutMs });
  return readMeasured(stdout);
}

/** One run of a scenario on a server of its own: what one leaves in memory is not the next one's. */
export async function playOn(program: Program, play: Omit<GeneratorOrder, 'target'>): Promise<RunResult> {
  const { result } = await playBeside(program, play, () => Promise.resolve());
  return result;
}

/** The same, with something that is done meanwhile. */
export async function playBeside<T>(
  program: Program,
  play: Omit<GeneratorOrder, 'target'>,
  meanwhile: (target: Target) => Promise<T>,
): Promise<{ readonly result: RunResult; readonly beside: T }> {
  const server = await startMeasured(program);
  try {
    const { target } = server;
    const [result, beside] = await Promise.all([
      measureBy(generator, { ...play, target }, runLimitMs),
      meanwhile(target),
    ]);
    return { result: result as RunResult, beside };
  } finally {
    await server.stop();
  }
}
