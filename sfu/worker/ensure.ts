/** Obtains the media worker once, for the host and the image alike. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { buildWorker } from './build.ts';
import { keepNewest } from './keepNewest.ts';
import { installedMediasoup, workerFolder, workerInputs } from './locate.ts';
import { withMachineLock } from './lock.ts';
import { installedVersions } from './packages.ts';
import { downloadWorker } from './prebuilt.ts';
import type { Target } from './target.ts';
import { targetFor } from './targets.ts';

/** A build takes minutes on two cores, and there may be other work. */
const buildTimeoutMs = 30 * 60_000;

/** As many workers of other checkouts stay in the cache. */
const keptVariants = 4;

/** Upstream's binary, a build of our own, or the first that works in this order. */
export type Source = 'prebuilt' | 'build' | 'auto';

/** How `ensureWorker` goes about it. */
export interface EnsureOptions {
  /** Hears what takes time. */
  readonly say: (line: string) => void;
  /** Default: `build`, so that nothing but Debian's archive is asked. */
  readonly source?: Source;
  /** Where the result goes. Default: the cache. */
  readonly dir?: string;
  /** Node's name of the machine that it is for; one that is not this is always built. Default: this one. */
  readonly arch?: string;
}

/**
 * Path of the worker, obtained first if it is not there or no longer fits what
 * it was made of. Beside it lie `stamp` and `packages`, the Debian packages
 * that it needs at run time.
 */
export async function ensureWorker(options: EnsureOptions): Promise<string> {
  const target = targetFor(options.arch ?? process.arch);
  const dir = options.dir ?? workerFolder(process.env, target.arch);
  // Whoever wants the same at the same time waits for it, instead of compiling it beside.
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  const wanted = { target, dir, say: options.say };
  const work = (): Promise<string> => ensureIn(wanted, options.source ?? 'build');
  return withMachineLock(`rtc-media-worker-${name}`, work, {
    timeoutMs: buildTimeoutMs,
    onWait: () => options.say('media worker: waiting for another build on this machine'),
  });
}

async function ensureIn(wanted: Wanted, source: Source): Promise<string> {
  const { target, dir, say } = wanted;
  const binary = join(dir, 'mediasoup-worker');
  const sources = orderOf(target.arch === process.arch ? source : 'build');
  for (const way of sources) if (await isUpToDate(wanted, way)) return binary;
  for (const way of sources.slice(0, -1)) {
    const failure = await obtain(way, wanted).catch((error: unknown) => error);
    if (failure === undefined) return binary;
    say(`media worker: no ${way} one: ${lastLine(failure)}`);
  }
  await obtain(sources.at(-1) ?? 'build', wanted);
  return binary;
}

interface Wanted {
  readonly target: Target;
  readonly dir: string;
  readonly say: EnsureOptions['say'];
}

type Way = Exclude<Source, 'auto'>;

function orderOf(source: Source): readonly Way[] {
  return source === 'auto' ? ['prebuilt', 'build'] : [source];
}

async function isUpToDate({ dir, target }: Wanted, way: Way): Promise<boolean> {
  if (!existsSync(join(dir, 'mediasoup-worker')) || !existsSync(join(dir, 'stamp'))) return false;
  return (await readFile(join(dir, 'stamp'), 'utf8')) === (await stampOf(way, target));
}

/** Works beside `dir` and moves the result there when it is whole: two that do this at once do not meet. */
async function obtain(way: Way, { dir, target, say }: Wanted): Promise<void> {
  const { dir: mediasoupDir, version } = installedMediasoup();
  await mkdir(dirname(dir), { recursive: true });
  const work = await mkdtemp(`${dir}.`);
  try {
    say(`media worker ${version} for ${target.arch}: ${way === 'build' ? 'building' : 'downloading'}`);
    await (way === 'build' ? buildWorker(mediasoupDir, work, target) : downloadWorker(mediasoupDir, work));
    await rm(join(work, 'source'), { recursive: true, force: true });
    const binary = join(work, 'mediasoup-worker');
    await target.verify(binary);
    await writeFile(join(work, 'packages'), `${(await target.runtimePackages(binary)).join('\n')}\n`);
    await writeFile(join(work, 'stamp'), await stampOf(way, target));
    await rm(dir, { recursive: true, force: true });
    await chmod(work, 0o755); // Whoever runs the server may be another user than the one who built.
    await rename(work, dir);
    await keepNewest(dirname(dir), { isOne: isVariantOf(dir), count: keptVariants });
    say('media worker: starts and makes a router');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Names that differ in their hash only; the name of a build under way goes on after it. */
function isVariantOf(dir: string): (name: string) => boolean {
  const hash = /[0-9a-f]{8}$/;
  const family = basename(dir).replace(hash, '');
  return (name) => hash.test(name) && name.replace(hash, '') === family;
}

/** A hash over all that decides what comes out. */
async function stampOf(way: Way, target: Target): Promise<string> {
  const hash = createHash('sha256');
  const add = (text: string | Buffer): unknown => hash.update(text).update('\0');
  [way, installedMediasoup().version, target.arch].forEach(add);
  if (way === 'build') {
    for (const file of workerInputs()) add(await readFile(file));
    for (const [name, version] of await installedVersions(target.packages)) add(`${name} ${version}`);
  }
  return hash.digest('hex');
}

function lastLine(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure);
  return text.trimEnd().split('\n').at(-1) ?? text;
}
