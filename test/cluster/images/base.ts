/** The two images that every node has: what holds a pod open, and a shell for tests. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCached, stampOf } from '../../setup/cache.ts';
import type { Say } from '../../setup/progress.ts';
import { run } from '../../setup/run.ts';
import { imageArchive } from './archive.ts';
import type { TarEntry } from './tar.ts';

/** References as pods use them. Never pulled: loaded into every node. */
export const pauseImage = 'localhost/rtc/pause:1';
/** busybox with all its commands; runs `sh`. */
export const busyboxImage = 'localhost/rtc/busybox:1';

/** Paths of the archives. */
export interface BaseImages {
  readonly archives: readonly string[];
}

const source = join(import.meta.dirname, 'pause.c');
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** Builds them once into the cache. Needs gcc and Debian's busybox-static. */
export async function ensureBaseImages(say: Say): Promise<BaseImages> {
  const stamp = await stampOf({ files: [source, import.meta.filename] });
  const { dir } = await buildCached('cluster-images', stamp, async (out) => {
    say('Base images: building pause and busybox');
    await writeFile(join(out, 'pause.tar'), await pause(out));
    await writeFile(join(out, 'busybox.tar'), await busybox());
  });
  return { archives: [join(dir, 'pause.tar'), join(dir, 'busybox.tar')] };
}

async function pause(dir: string): Promise<Buffer> {
  const binary = join(dir, 'pause');
  await run('gcc', ['-Os', '-static', '-s', '-o', binary, source]);
  return imageArchive({
    reference: pauseImage,
    architecture,
    entries: [{ path: 'pause', kind: 'file', mode: 0o755, content: await readFile(binary) }],
    entrypoint: ['/pause'],
  });
}

async function busybox(): Promise<Buffer> {
  const { stdout } = await run('busybox', ['--list']);
  const commands = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  const directory = (path: string, mode = 0o755): TarEntry => ({ path, kind: 'directory', mode });
  return imageArchive({
    reference: busyboxImage,
    architecture,
    entries: [
      ...['bin', 'dev', 'etc', 'proc', 'sys', 'var'].map((path) => directory(path)),
      directory('tmp', 0o1777),
      { path: 'etc/passwd', kind: 'file', content: Buffer.from('root:x:0:0::/:/bin/sh\n') },
      { path: 'bin/busybox', kind: 'file', mode: 0o755, content: await readFile('/bin/busybox') },
      ...commands.map((name): TarEntry => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' })),
    ],
    command: ['sh'],
  });
}
