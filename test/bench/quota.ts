/** A quota of CPU for a running server with all its processes: the same for whoever is measured. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type CgroupFacts, cgroupPlan } from '../cluster/cgroups.ts';
import { makeCgroups, readCgroupFacts, removeCgroups } from '../cluster/cgroupFiles.ts';
import { pidsBelow } from './tree.ts';

/**
 * Long: the kernel looks at its ticks whether a quota is used up, and lets whoever took more wait for many short periods. A load
 * that leaves room in each period is never paused.
 */
const periodUs = 100_000;

/** Pure: what to write where, in a cgroup's own directory. */
export function quotaWrites(layout: 'v1' | 'v2', share: number): Readonly<Record<string, string>> {
  const quotaUs = Math.round(share * periodUs);
  // The greatest weight there is: a new cgroup would otherwise share its core with everything outside as one process does.
  if (layout === 'v2') return { 'cpu.max': `${quotaUs} ${periodUs}`, 'cpu.weight': '10000' };
  return {
    'cpu.cfs_period_us': String(periodUs),
    'cpu.cfs_quota_us': String(quotaUs),
    'cpu.shares': '262144',
  };
}

/** Holds until the returned function has resolved. `share`: of one core. Needs root, or a delegated cgroup (`RTC_CGROUP`). */
export async function limitCpu(pid: number, share: number): Promise<() => Promise<void>> {
  const facts: CgroupFacts = readCgroupFacts();
  const plan = cgroupPlan(facts, [`rtc-bench-${pid}`]);
  if (!plan.ok) throw new Error(`A quota of CPU needs cgroups: ${plan.reason}`);
  const writes = Object.entries(quotaWrites(plan.steps.layout, share));
  await makeCgroups(plan.steps);
  const directory = plan.steps.directories.find((one) => existsSync(join(one, writes[0]![0])));
  if (directory === undefined) throw new Error(`No cgroup takes ${writes[0]![0]}.`);
  for (const [file, value] of writes) await writeFile(join(directory, file), value);
  const before = await cgroupDirectory(pid, directory);
  const moveTo = async (to: string): Promise<void> => {
    for (const one of pidsBelow(String(pid)))
      await writeFile(join(to, 'cgroup.procs'), one).catch((error: unknown) => {
        if (existsSync(`/proc/${one}`)) throw error;
      });
  };
  await moveTo(directory);
  return async () => {
    await moveTo(before);
    await removeCgroups(plan.steps);
  };
}

/** Where a process is now in the hierarchy of `sibling`. */
async function cgroupDirectory(pid: number, sibling: string): Promise<string> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).trim().split('\n');
  const isV2 = existsSync(join(sibling, 'cpu.max'));
  const line = lines.find((one) =>
    isV2 ? one.startsWith('0::') : one.split(':')[1]?.split(',').includes('cpu'),
  );
  const path = line?.split(':').slice(2).join(':') ?? '/';
  const mount = readCgroupFacts().mounts.find(({ path: top }) => sibling.startsWith(`${top}/`))?.path;
  return join(mount ?? join(sibling, '..'), path);
}
