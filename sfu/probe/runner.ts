/** Runs the program that calls: one at a time, for a bounded time, apart from the calls of people. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ProbeReport, type ProbeRequest } from './report.ts';

/** What came of it. */
export type ProbeOutcome =
  | { readonly outcome: 'done'; readonly report: ProbeReport }
  /** Another probe is under way. */
  | { readonly outcome: 'busy' }
  /** The program itself does not run here. */
  | { readonly outcome: 'unable'; readonly reason: string };

/** Calls other servers, or this one. Never rejects. */
export type Prober = (request: ProbeRequest) => Promise<ProbeOutcome>;

/** What a prober is made of. */
export interface ProberDeps {
  /** The right to call: without it there are no probes. */
  readonly adminKey: string;
  /** Default: the program beside this one. */
  readonly entry?: string;
  /** Then the program is ended, and nothing is known. Default 40,000. */
  readonly timeoutMs?: number;
}

/** Sources run as they are; the image has one bundle for each program. */
function defaultEntry(): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, 'main.ts')
    : join(import.meta.dirname, 'probe.mjs');
}

/** Idle. */
export function createProber(deps: ProberDeps): Prober {
  const { adminKey, entry = defaultEntry(), timeoutMs = 40_000 } = deps;
  const state = { isBusy: false };
  return async (request) => {
    if (state.isBusy) return { outcome: 'busy' };
    state.isBusy = true;
    try {
      return await run(entry, JSON.stringify({ ...request, adminKey }), timeoutMs);
    } finally {
      state.isBusy = false;
    }
  };
}

/** The job goes in by a pipe: arguments and variables can be read by others of the machine. */
async function run(entry: string, job: string, timeoutMs: number): Promise<ProbeOutcome> {
  const child = spawn(process.execPath, ['--max-old-space-size=64', entry], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {},
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined); // It has ended, which is told below.
  child.stdin.end(job);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code ?? 0}`));
  });
  const [out, complaint, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  try {
    return { outcome: 'done', report: JSON.parse(out) as ProbeReport };
  } catch {
    const [why = end] = complaint.split('\n').filter((line) => /error/i.test(line));
    return { outcome: 'unable', reason: `the probe ended without a report (${end}): ${why.slice(0, 300)}` };
  }
}
