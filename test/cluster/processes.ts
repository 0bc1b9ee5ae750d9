/** Processes by pid *and* start time: a pid that was given to another process since is not the one that is meant. */
import { readFileSync, readdirSync } from 'node:fs';
import { eventually } from '../support/eventually.ts';

/** One process for all its life. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Since boot, in clock ticks: field 22 of /proc/PID/stat. */
  readonly startTicks: string;
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly startTicks: string;
}

/** The process that has this pid now, if any. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : { pid, startTicks: stat.startTicks };
}

/** A zombie counts as gone: it does nothing any more. */
export function isAlive(process: ProcessIdentity): boolean {
  const stat = statOf(process.pid);
  return stat !== undefined && stat.startTicks === process.startTicks && stat.state !== 'Z';
}

/** SIGKILL, and back only when it is gone. */
export async function kill(target: ProcessIdentity): Promise<void> {
  if (isAlive(target)) process.kill(target.pid, 'SIGKILL');
  await eventually(() => (isAlive(target) ? `process ${target.pid} lives on after SIGKILL` : undefined), {
    intervalMs: 5,
    timeoutMs: 30_000,
  });
}

/** The first child of a process. */
export function childOf(parent: number): ProcessIdentity | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat?.parent === parent) return { pid, startTicks: stat.startTicks };
  }
  return undefined;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in brackets may hold spaces and brackets itself; fields count from behind the last one.
    const [state = '', parent = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent), startTicks: rest[17] ?? '' };
  } catch {
    return undefined;
  }
}
