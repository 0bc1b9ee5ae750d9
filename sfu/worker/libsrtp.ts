/**
 * libsrtp's sources, from Debian's archive: Debian 12 builds its package with NSS, whose AES-CM with SHA-1 takes
 * several times as long for a packet as OpenSSL's.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EnvHttpProxyAgent, fetch } from 'undici';

import { debianMirror } from './debianArchive.ts';
import { cacheFolder } from './locate.ts';
import { runStep } from './steps.ts';

/** What is fetched: BSD-3-Clause, as its LICENSE says. */
export const libsrtp = {
  version: '2.7.0',
  sha256: '54facb1727a557c2a76b91194dcb2d0a453aaf8e2d0cbbf1e3c2848c323e28ad',
} as const;

const file = `libsrtp2_${libsrtp.version}.orig.tar.gz`;
const fetchTimeoutMs = 60_000;
const tries = 3;

/** Puts the sources into `dir`. Rejects when they cannot be fetched, or are not what they should be. */
export async function unpackLibsrtp(dir: string): Promise<void> {
  const archive = await ensureArchive();
  await mkdir(dir, { recursive: true });
  const unpack = ['tar', '-xzf', archive, '-C', dir, '--strip-components=1'] as const;
  await runStep(unpack, { cwd: dir, logFile: join(dir, 'unpack.log') });
}

/** Fetched once; a copy that is not whole is fetched again. */
async function ensureArchive(): Promise<string> {
  const path = join(cacheFolder(), file);
  if (existsSync(path) && isWhole(await readFile(path))) return path;
  const url = `${debianMirror()}/pool/main/libs/libsrtp2/${file}`;
  const bytes = await fetched(url);
  if (!isWhole(bytes))
    throw new Error(
      `${url} is not the libsrtp ${libsrtp.version} that is wanted (SHA-256 ${libsrtp.sha256}): what stands in between changes downloads, or the mirror is broken`,
    );
  await mkdir(cacheFolder(), { recursive: true });
  const part = `${path}.${process.pid}`;
  await writeFile(part, bytes);
  await rename(part, path).finally(() => rm(part, { force: true }));
  return path;
}

/** Pure: whether these are the bytes that everything was tested with. */
export function isWhole(bytes: Uint8Array): boolean {
  return createHash('sha256').update(bytes).digest('hex') === libsrtp.sha256;
}

/** By the proxy of `HTTP_PROXY` and the like, if there is one. */
async function fetched(url: string): Promise<Buffer> {
  const dispatcher = new EnvHttpProxyAgent();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { dispatcher, signal: AbortSignal.timeout(fetchTimeoutMs) });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    } catch (cause) {
      if (attempt < tries) continue;
      const fix = 'HTTP_PROXY may name a proxy, DEBIAN_MIRROR another mirror of Debian that has it';
      throw new Error(`libsrtp ${libsrtp.version} cannot be fetched from ${url}: ${fix}`, { cause });
    }
  }
}
