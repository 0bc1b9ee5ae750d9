/** Where the media worker lies: the one place that programs and set-up agree on. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What takes minutes to build, outside the checkout: `$RTC_CACHE`, else `$XDG_CACHE_HOME/rtc-operator`, else `~/.cache/rtc-operator`. */
export function cacheFolder(env: Environment = process.env): string {
  return env['RTC_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rtc-operator');
}

/** The installed mediasoup: its folder, which has the worker's sources, and its version. */
export function installedMediasoup(): { readonly dir: string; readonly version: string } {
  const manifest = findPackageJSON('mediasoup', import.meta.url);
  if (manifest === undefined) throw new Error('mediasoup is not installed: run "npm ci" once');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { dir: dirname(manifest), version };
}

/** For this machine and for others: with which compiler, arguments and libraries. */
const scripts = [
  'build.ts',
  'cross.ts',
  'libsrtp.ts',
  'packages.ts',
  'patch.ts',
  'patches.ts',
  'subprojects.ts',
  'sysroot.ts',
  'targets.ts',
] as const;

/** Our files that decide what is built: the scripts, and what goes in as it is. */
export function workerInputs(): readonly string[] {
  const filesIn = (folder: string): string[] =>
    readdirSync(join(import.meta.dirname, folder))
      .sort()
      .map((name) => join(import.meta.dirname, folder, name));
  return [
    ...filesIn('native'),
    ...filesIn('patches'),
    ...scripts.map((name) => join(import.meta.dirname, name)),
  ];
}

/**
 * The cache's folder for the worker of the installed mediasoup. Checkouts whose
 * sources differ get folders of their own, so that they do not build in turns;
 * so does another machine's architecture, by Node's name.
 */
export function workerFolder(env: Environment = process.env, arch: string = process.arch): string {
  const hash = createHash('sha256');
  for (const file of workerInputs()) hash.update(readFileSync(file)).update('\0');
  const variant = hash.digest('hex').slice(0, 8);
  const name = arch === process.arch ? 'media-worker' : `media-worker-${arch}`;
  return join(cacheFolder(env), `${name}-${installedMediasoup().version}-${variant}`);
}

/**
 * Path of the media worker: `$MEDIASOUP_WORKER_BIN`, else the one in the cache.
 * Throws an error that names the command to run when there is none.
 */
export function workerBinary(env: Environment = process.env): string {
  const given = env['MEDIASOUP_WORKER_BIN'];
  const path = given ?? join(workerFolder(env), 'mediasoup-worker');
  if (existsSync(path)) return path;
  throw new Error(
    given === undefined
      ? `no media worker at ${path}: run "npm exec -- node sfu/worker/main.ts" once, or set MEDIASOUP_WORKER_BIN`
      : `no media worker at ${path}, which MEDIASOUP_WORKER_BIN names`,
  );
}
