/** What a server used: the process and all that it started, proc(5). */
import { childPids, useOf } from '../../sfu/ops/processes.ts';

/** Summed over the processes of a tree. CPU of those that have ended is not in it. */
export interface TreeUse {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Of `pid` and everything below it, now. */
export function treeUse(pid: number): TreeUse {
  const uses = pidsBelow(String(pid)).flatMap((id) => useOf(id) ?? []);
  return {
    cpuMs: uses.reduce((sum, use) => sum + use.cpuMs, 0),
    residentBytes: uses.reduce((sum, use) => sum + use.residentBytes, 0),
  };
}

/** The process and everything below it. */
export function pidsBelow(pid: string): readonly string[] {
  return [pid, ...childPids(pid).flatMap(pidsBelow)];
}
