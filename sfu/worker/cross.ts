/** The worker for ARM64 from another machine: Debian's cross compiler, ARM64 libraries in a sysroot, and qemu to try it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { keepNewest } from './keepNewest.ts';
import { cacheFolder } from './locate.ts';
import { buildLibraries, buildTools } from './packages.ts';
import { installSysroot, ownersFile, sysrootName } from './sysroot.ts';
import type { Target } from './target.ts';
import { verifyWorker } from './verify.ts';

const execute = promisify(execFile);

const triplet = 'aarch64-linux-gnu';

/** An ARM64 Debian 12. */
export const arm64Target: Target = {
  arch: 'arm64',
  packages: [...buildTools, `g++-${triplet}`, 'qemu-user-static'],
  toolchain: async (work) => {
    const file = join(work, 'cross.ini');
    await writeFile(file, crossFile(await ensureSysroot()));
    return { mesonArguments: [`--cross-file=${file}`], strip: `${triplet}-strip` };
  },
  verify: async (binary) => verifyWorker(await emulated(binary)),
  runtimePackages: async (binary) => {
    const sysroot = await ensureSysroot();
    const owners = await readFile(join(sysroot, ownersFile), 'utf8');
    return owningPackages(await libraries(binary, sysroot), owners);
  },
};

/**
 * Writes `<binary>.emulated`, a program that runs the ARM64 `binary` under
 * qemu-user on this machine, and returns its path.
 */
export async function emulated(binary: string): Promise<string> {
  const script = `${binary}.emulated`;
  // It may be moved together with the worker.
  const command = `exec qemu-aarch64-static -L '${await ensureSysroot()}' "\${0%.emulated}" "$@"`;
  await writeFile(script, `#!/bin/sh\n${command}\n`);
  await chmod(script, 0o755);
  return script;
}

/** Pure: what Meson is told about the other machine. */
export function crossFile(sysroot: string): string {
  const text = (value: string): string => `'${value}'`;
  const list = (...values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
  const pkgConfig = [`usr/lib/${triplet}/pkgconfig`, 'usr/share/pkgconfig'];
  const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    binaries: {
      c: text(`${triplet}-gcc`),
      cpp: text(`${triplet}-g++`),
      ar: text(`${triplet}-gcc-ar`), // Knows what link-time optimisation leaves in archives.
      strip: text(`${triplet}-strip`),
      pkgconfig: text('pkg-config'),
    },
    properties: {
      sys_root: text(sysroot),
      pkg_config_libdir: list(...pkgConfig.map((path) => join(sysroot, path))),
    },
    'built-in options': Object.fromEntries(
      ['c_args', 'cpp_args', 'c_link_args', 'cpp_link_args'].map((name) => [
        name,
        list(`--sysroot=${sysroot}`),
      ]),
    ),
    host_machine: {
      system: text('linux'),
      cpu_family: text('aarch64'),
      cpu: text('aarch64'),
      endian: text('little'),
    },
  };
  return Object.entries(sections)
    .map(([name, values]) => [`[${name}]`, ...Object.entries(values).map((pair) => pair.join(' = ')), ''])
    .flat()
    .join('\n');
}

/** Pure: who owns these files, by the lines of an owners file; sorted. Throws for a file that nobody owns. */
export function owningPackages(paths: readonly string[], owners: string): readonly string[] {
  const byPath = new Map(owners.split('\n').map((line) => line.split('\t') as [string, string]));
  const packages = paths.map((path) => {
    const owner = byPath.get(path) ?? byPath.get(`/usr${path}`) ?? byPath.get(path.replace(/^\/usr/, ''));
    if (owner === undefined) throw new Error(`no package of the sysroot has ${path}`);
    return owner;
  });
  return [...new Set(packages)].sort();
}

/** What the dynamic linker of the other machine would load, as paths there. */
async function libraries(binary: string, sysroot: string): Promise<readonly string[]> {
  const linker = join(sysroot, `lib/ld-linux-aarch64.so.1`);
  const { stdout } = await execute('qemu-aarch64-static', ['-L', sysroot, linker, '--list', binary]);
  return [...stdout.matchAll(/ => (\/\S+)/g)].map(([, path = '']) => path.replace(sysroot, ''));
}

const sysrootPackages = [...buildLibraries, 'libc6-dev', 'libstdc++-12-dev'] as const;

/** As many sysroots of other checkouts stay in the cache. */
const keptSysroots = 2;

/** Made once for what goes in, from Debian's archive. */
async function ensureSysroot(): Promise<string> {
  const dir = join(cacheFolder(), sysrootName('arm64', sysrootPackages));
  if (existsSync(dir)) return dir;
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(`${dir}.`);
  try {
    await installSysroot(work, 'arm64', sysrootPackages);
    await rename(work, dir);
    const isOne = (name: string): boolean => /^sysroot-arm64-[0-9a-f]{8}$/.test(name);
    await keepNewest(cacheFolder(), { isOne, count: keptSysroots });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return dir;
}
