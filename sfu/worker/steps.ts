/** Runs one step of the build with its output in a log file, whose end is the error when it fails. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Where and how a step runs. */
export interface StepOptions {
  readonly cwd: string;
  /** Appended to. */
  readonly logFile: string;
  /** Replaces this process's environment variables of the same name. */
  readonly env?: Readonly<Record<string, string>>;
  /** After this the step is killed. Default: none. */
  readonly timeoutMs?: number;
}

/** Resolves when the command exits 0, else rejects with the last 30 lines of the log. */
export async function runStep(command: readonly [string, ...string[]], options: StepOptions): Promise<void> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(command[0], command.slice(1), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    timeout: options.timeoutMs,
  });
  const ended = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  }).finally(() => closeSync(log));
  if (ended === 0) return;
  const lines = (await readFile(options.logFile, 'utf8')).trimEnd().split('\n');
  throw new Error(`${command.join(' ')} ended with ${ended}:\n${lines.slice(-30).join('\n')}`);
}
