/**
 * The cache outside the checkout: what takes minutes to build is kept here,
 * under a stamp of everything that went into it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { cacheFolder } from '../../sfu/worker/locate.ts';

const root = join(import.meta.dirname, '../..');

/** `$RTC_CACHE`, else `$XDG_CACHE_HOME/rtc-operator`, else `~/.cache/rtc-operator`. */
export const cacheDir = cacheFolder();

/** Where a cached thing lies. */
export function cached(name: string): string {
  return join(cacheDir, name);
}

/** SHA-256 over texts and files, as hex: what a stamp is made of. The same in every checkout. */
export async function stampOf(parts: {
  readonly texts?: readonly string[];
  readonly files?: readonly string[];
}): Promise<string> {
  const hash = createHash('sha256');
  for (const text of parts.texts ?? []) hash.update(text).update('\0');
  for (const file of parts.files ?? [])
    hash
      .update(relative(root, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Builds the folder `name` of the cache unless its stamp says it is up to date.
 * A build that fails leaves no stamp, so that the next run starts it afresh.
 */
export async function buildCached(
  name: string,
  stamp: string,
  build: (dir: string) => Promise<void>,
): Promise<{ readonly dir: string; readonly built: boolean }> {
  const dir = cached(name);
  const stampFile = join(dirname(dir), `.${name.replaceAll('/', '_')}.stamp`);
  if (existsSync(dir) && existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp)
    return { dir, built: false };
  await rm(stampFile, { force: true });
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await build(dir);
  await writeFile(stampFile, stamp);
  return { dir, built: true };
}
