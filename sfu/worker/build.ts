/** Builds the worker from the sources in mediasoup's npm package against Debian's libraries. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import { unpackLibsrtp } from './libsrtp.ts';
import { installedVersions } from './packages.ts';
import { applyPatch } from './patch.ts';
import { patches } from './patches.ts';
import { runStep } from './steps.ts';
import { type Content, subprojectFiles } from './subprojects.ts';
import type { Target } from './target.ts';

/** Our part of the build's input. */
const nativeFolder = join(import.meta.dirname, 'native');

/** Of the worker's folder; Meson looks at the tests and mocks although it does not build them. */
const sourceEntries = [
  'deps',
  'fbs',
  'fuzzer',
  'include',
  'meson.build',
  'meson_options.txt',
  'mocks',
  'src',
  'test',
];

/**
 * Builds into `dir/mediasoup-worker`, stripped; leaves `dir/build.log`
 * and the licence of what is linked in. Takes minutes on two cores, which it
 * leaves to others when they are wanted. `mediasoupDir` is the installed package.
 */
export async function buildWorker(mediasoupDir: string, dir: string, target: Target): Promise<void> {
  await requirePackages(target.packages);
  const source = join(dir, 'source');
  await copySources(join(mediasoupDir, 'worker'), source);
  const { mesonArguments, strip } = await target.toolchain(source);
  const log = { cwd: source, logFile: join(dir, 'build.log') };
  const release = ['--buildtype=release', '-Db_ndebug=true', '-Db_lto=true'];
  const setup = [...release, '--wrap-mode=nodownload', ...mesonArguments];
  await runStep(['meson', 'setup', ...setup, 'build'], log);
  const ninja = ['nice', 'ninja', '-C', 'build', '-j', String(availableParallelism())] as const;
  // Its copy of libwebrtc includes generated headers without saying that it waits for them.
  await runStep([...ninja, 'fbs/FBS/notification.h'], log);
  await runStep([...ninja, 'mediasoup-worker'], log);
  await runStep([strip, '-o', join(dir, 'mediasoup-worker'), 'build/mediasoup-worker'], log);
  await cp(join(source, 'subprojects/libsrtp2/LICENSE'), join(dir, 'LICENSE.libsrtp'));
}

async function requirePackages(packages: readonly string[]): Promise<void> {
  const installed = await installedVersions(packages);
  const missing = packages.filter((name) => !installed.has(name));
  if (missing.length > 0)
    throw new Error(
      `the media worker cannot be built without ${missing.join(', ')}: apt-get install --no-install-recommends ${missing.join(' ')}`,
    );
}

async function copySources(from: string, to: string): Promise<void> {
  for (const entry of sourceEntries) await cp(join(from, entry), join(to, entry), { recursive: true });
  const subprojects = join(to, 'subprojects');
  for (const [path, content] of subprojectFiles()) await place(join(subprojects, path), content);
  await unpackLibsrtp(join(subprojects, 'libsrtp2'));
  // Our header of the same name includes it under the one that an installed one has.
  await cp(join(subprojects, 'libsrtp2/include/srtp.h'), join(subprojects, 'libsrtp3/include/srtp2/srtp.h'));
  await place(join(to, 'pch/precompiled.hpp'), { native: 'precompiled.hpp' });
  for (const patch of patches) {
    const file = join(to, patch.file);
    await writeFile(file, applyPatch(await readFile(file, 'utf8'), patch));
  }
}

async function place(path: string, content: Content): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ('text' in content) await writeFile(path, content.text);
  else await cp(join(nativeFolder, content.native), path);
}
