#!/usr/bin/env node
/** The process of `kubectl-rtc`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
  env: process.env,
  nowMs: () => Date.now(),
  sleep: (ms) => sleep(ms),
});
