#!/usr/bin/env node
/** The process of `kubectl-rtc`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './program.ts';

const exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
  env: process.env,
  nowMs: () => Date.now(),
  sleep: (ms) => sleep(ms),
});

/** Resolves when all that was printed has been handed over, which a pipe takes its time for. */
function printed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

await Promise.all([process.stdout, process.stderr].map(printed));
// Not when nothing is left to do: a connection that nobody answers on would keep the person from the prompt.
process.exit(exitCode);
