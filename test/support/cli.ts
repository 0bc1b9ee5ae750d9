/** `kubectl rtc` in this process, as one would type it. */
import { setTimeout } from 'node:timers/promises';
import { runProgram } from '../../operator/cli/program.ts';

/** What came of it. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Never rejects. */
export async function runCli(words: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const exitCode = await runProgram(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isTerminal: false,
    env: {},
    nowMs: () => Date.now(),
    sleep: (ms) => setTimeout(ms),
  });
  return { exitCode, out, err };
}
