/** Looks at the machine: the facts for prerequisites.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/run.ts';
import { cgroupPlan } from './cgroups.ts';
import { readCgroupFacts } from './cgroupFiles.ts';
import type { MachineFacts } from './prerequisites.ts';

/** Commands that a cluster calls, by the Debian package that brings each. */
export interface CommandsByPackage {
  readonly [debianPackage: string]: readonly string[];
}

/** Everything but `mustBuild`, which is not the machine's. */
export async function probeMachine(commands: CommandsByPackage, mustBuild: boolean): Promise<MachineFacts> {
  const missingCommands = Object.values(commands)
    .flat()
    .filter((name) => !isInPath(name));
  const userId = process.getuid?.() ?? -1;
  return {
    platform: process.platform,
    arch: process.arch,
    userId,
    namespacesFailure: userId === 0 ? await namespacesFailure(missingCommands) : undefined,
    canInstall: isInPath('apt-get'),
    missingCommands,
    goVersion: await goVersion(),
    mustBuild,
    fileSystems: linesOf('/proc/filesystems').map((line) => line.split('\t').at(-1) ?? ''),
    cgroups: cgroupPlan(readCgroupFacts(), ['probe']),
    freeMemoryMiB: freeMemoryMiB(),
  };
}

/** Tries it, in namespaces that end with the command. */
async function namespacesFailure(missingCommands: readonly string[]): Promise<string | undefined> {
  const links = missingCommands.includes('ip')
    ? 'true' // It comes with the packages; then the first real link tells.
    : 'ip link add probe type veth peer name probe2 && ip link add probe3 type bridge';
  const flags = ['--net', '--mount', '--pid', '--fork', '--uts', '--ipc'];
  try {
    await run('unshare', [...flags, 'sh', '-c', links]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error);
  }
}

async function goVersion(): Promise<string | undefined> {
  const { stdout } = await run('go', ['version']).catch(() => ({ stdout: '' }));
  return /go(\d+\.\d+[.\d]*)/.exec(stdout)?.[1];
}

function freeMemoryMiB(): number {
  const line = linesOf('/proc/meminfo').find((text) => text.startsWith('MemAvailable:'));
  return Math.floor(Number(/\d+/.exec(line ?? '')?.[0] ?? 0) / 1024);
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

function isInPath(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}
