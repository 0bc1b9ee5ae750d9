/** The machine's control groups: reads the facts, carries out a plan, removes what it made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import type { CgroupFacts, CgroupMount, CgroupSteps, FileWrite, UnifiedBase } from './cgroups.ts';

/** Reads them. `basePath` (`RTC_CGROUP`) names a cgroup of v2 that was delegated to us; default `/`. */
export function readCgroupFacts(basePath = process.env['RTC_CGROUP'] ?? '/'): CgroupFacts {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').flatMap(cgroupMount);
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  const base = unified === undefined ? undefined : join(unified.path, basePath);
  if (base === undefined || !existsSync(join(base, 'cgroup.controllers'))) return { mounts };
  return { mounts, unified: unifiedBase(base, basePath) };
}

function cgroupMount(line: string): readonly CgroupMount[] {
  const [, path = '', type, options = ''] = line.split(' ');
  if ((type !== 'cgroup' && type !== 'cgroup2') || !path.startsWith('/sys/fs/cgroup')) return [];
  return [{ type, path, options: options.split(',') }];
}

function unifiedBase(directory: string, path: string): UnifiedBase {
  const words = (file: string): readonly string[] =>
    readFileSync(join(directory, file), 'utf8').split(/\s+/).filter(Boolean);
  return {
    path,
    controllers: words('cgroup.controllers'),
    enabled: words('cgroup.subtree_control'),
    pids: words('cgroup.procs').map(Number),
    // Every cgroup but the kernel's root has a type.
    isKernelRoot: !existsSync(join(directory, 'cgroup.type')),
  };
}

/** Carries out a plan. */
export async function makeCgroups(steps: CgroupSteps): Promise<void> {
  if (steps.move !== undefined) await moveProcesses(steps.move);
  await writeAll(steps.writes);
  for (const directory of steps.directories) await mkdir(directory, { recursive: true });
  for (const { from, to } of steps.copies) await writeFile(to, await readFile(from));
}

async function moveProcesses({ to, pids }: NonNullable<CgroupSteps['move']>): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const pid of pids)
    await writeFile(join(to, 'cgroup.procs'), String(pid)).catch((error: unknown) => {
      if (existsSync(`/proc/${pid}`)) throw error; // One that has ended meanwhile needs no moving.
    });
}

async function writeAll(writes: readonly FileWrite[]): Promise<void> {
  for (const { file, value } of writes) await writeFile(file, value);
}

/** Removes a plan's cgroups with all below. Their processes have been killed; the kernel may still be busy with that. */
export async function removeCgroups(steps: Pick<CgroupSteps, 'directories' | 'undo'>): Promise<void> {
  for (const directory of steps.directories)
    await eventually(() => removeTree(directory), { intervalMs: 20, timeoutMs: 10_000 });
  await writeAll(steps.undo).catch(() => undefined); // Refused while another one needs the controllers: then they stay.
}

async function removeTree(directory: string): Promise<undefined> {
  if (!existsSync(directory)) return undefined;
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await rmdir(directory);
  return undefined;
}
