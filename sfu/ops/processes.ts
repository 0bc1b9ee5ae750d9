/** This process and its children (the media workers) as Linux sees them, proc(5). Nothing where there is no /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** What one process used so far, and holds now. */
export interface ProcessUse {
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly virtualBytes: number;
}

/** USER_HZ and the page size that Linux reports to programs: the same on every machine we support but for 64 KiB ARM pages. */
const tickMs = 10;
const pageBytes = 4096;

/** Direct children by process id; ids are not used again while a process lives. */
export function childUse(): ReadonlyMap<string, ProcessUse> {
  const uses = childPids('self').map((pid) => [pid, useOf(pid)] as const);
  return new Map(uses.filter((entry): entry is readonly [string, ProcessUse] => entry[1] !== undefined));
}

/** CPU that a process had so far, and what its main thread waited for it; undefined when there is none of this id. */
export function processCpu(pid: number): { readonly cpuMs: number; readonly waitedMs: number } | undefined {
  const use = useOf(String(pid));
  return use === undefined
    ? undefined
    : { cpuMs: use.cpuMs, waitedMs: parseSchedstat(readText(`/proc/${pid}/schedstat`)) };
}

/** Milliseconds on a run queue: the second field, in nanoseconds. 0 where the kernel does not count it. */
export function parseSchedstat(text: string): number {
  const waitedNs = Number(text.split(' ')[1]);
  return Number.isFinite(waitedNs) ? waitedNs / 1e6 : 0;
}

/** This process. */
export function ownUse(): ProcessUse {
  return useOf('self') ?? { cpuMs: 0, residentBytes: process.memoryUsage.rss(), virtualBytes: 0 };
}

/** Open file descriptors of this process, and how many it may have. */
export function descriptors(): { readonly open: number; readonly max: number } {
  const max = /^Max open files\s+(\d+)/m.exec(readText('/proc/self/limits'))?.[1];
  return { open: entriesOf('/proc/self/fd').length, max: Number(max ?? 0) };
}

/** Stack of this process's main thread, proc_pid_status(5). */
export function mainStackBytes(): number {
  const kilobytes = /^VmStk:\s+(\d+) kB$/m.exec(readText('/proc/self/status'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Fields 14, 15, 23 and 24 of `/proc/<pid>/stat`; the name before them may hold anything. */
export function parseStat(stat: string): ProcessUse | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
    .map(Number);
  const [userTicks, systemTicks, virtualBytes, pages] = [fields[11], fields[12], fields[20], fields[21]];
  if (
    userTicks === undefined ||
    systemTicks === undefined ||
    virtualBytes === undefined ||
    pages === undefined
  )
    return undefined;
  return { cpuMs: (userTicks + systemTicks) * tickMs, virtualBytes, residentBytes: pages * pageBytes };
}

/** A process by its id, or `self`; undefined when there is none. */
export function useOf(pid: string): ProcessUse | undefined {
  return parseStat(readText(`/proc/${pid}/stat`));
}

/** What any thread of a process started and still runs. */
export function childPids(pid: string): readonly string[] {
  return entriesOf(`/proc/${pid}/task`).flatMap((task) =>
    readText(`/proc/${pid}/task/${task}/children`)
      .split(' ')
      .filter((pid) => pid.trim() !== ''),
  );
}

function entriesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
