/**
 * Debian's libraries for another architecture in a folder of their own, so that
 * a compiler there has something to build against. The machine's own packages
 * and package lists stay as they are.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A line for each file of each package: where it lies below the sysroot, a tab, the package. */
export const ownersFile = '.owners';

/** A name in the cache that changes with what goes in and with how it is made. */
export function sysrootName(debianArch: string, packages: readonly string[]): string {
  const hash = createHash('sha256')
    .update(packages.join(' '))
    .update(readFileSync(import.meta.filename));
  return `sysroot-${debianArch}-${hash.digest('hex').slice(0, 8)}`;
}

/** Fills the empty folder `dir` with `packages` of `debianArch` and all that they depend on. Needs apt, not root. */
export async function installSysroot(
  dir: string,
  debianArch: string,
  packages: readonly string[],
): Promise<void> {
  const apt = join(dir, '.apt');
  const archives = join(apt, 'cache/archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  await mkdir(join(apt, 'state/lists/partial'), { recursive: true });
  await writeFile(join(apt, 'status'), '');
  const settings = aptSettings(apt, debianArch);
  await execute('apt-get', [...settings, 'update', '-qq']);
  const install = ['install', '-y', '-qq', '--download-only', '--no-install-recommends'];
  await execute('apt-get', [...settings, ...install, ...packages]);
  const owners: string[] = [];
  for (const file of (await readdir(archives)).filter((name) => name.endsWith('.deb')).sort()) {
    owners.push(...(await unpack(join(archives, file), dir)));
  }
  await writeFile(join(dir, ownersFile), owners.join(''));
  await rm(apt, { recursive: true });
}

/** An installation that knows of no installed package and shares nothing with the machine's but its sources. */
function aptSettings(apt: string, debianArch: string): readonly string[] {
  const settings = {
    'APT::Architecture': debianArch,
    'APT::Architectures': debianArch,
    'APT::Sandbox::User': 'root',
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'Debug::NoLocking': '1',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

async function unpack(archive: string, dir: string): Promise<readonly string[]> {
  await execute('dpkg-deb', ['-x', archive, dir]);
  const name = (await execute('dpkg-deb', ['-f', archive, 'Package'])).stdout.trim();
  const { stdout } = await execute('dpkg-deb', ['-c', archive], { maxBuffer: 64 * 1024 * 1024 });
  const paths = [...stdout.matchAll(/ \.(\/\S*[^/\s])(?: -> .*)?$/gm)].map(([, path = '']) => path);
  return paths.map((path) => `${path}\t${name}\n`);
}
