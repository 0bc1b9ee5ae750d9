/**
 * The operator's and the SFU's image from their Dockerfiles, as archives that a
 * node can load. `node test/setup/images.ts` builds them and prints what came out.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { ensureWorker } from '../../sfu/worker/ensure.ts';
import { keepNewest } from '../../sfu/worker/keepNewest.ts';
import { buildPackages } from '../../sfu/worker/packages.ts';
import { withMachineLock } from '../../sfu/worker/lock.ts';
import { baseImageRefs, ensureBaseImages } from './baseImage.ts';
import { buildah, pruneStore, removeOlder } from './buildah.ts';
import { buildCached, stampOf } from './cache.ts';
import { writeEvidence } from './evidence.ts';
import { ensurePackages } from './packages.ts';
import { type Say, startProgress } from './progress.ts';
import { buildSecrets } from './secrets.ts';

const root = join(import.meta.dirname, '../..');

/** Debian packages that building images takes, the worker's build included. */
export const imagePackages = [...buildPackages, 'binutils', 'buildah', 'debootstrap'];

/** An image as an archive. */
export interface Image {
  /** A docker-archive: `ctr images import` and `docker load` read it. */
  readonly tar: string;
  /** `localhost/rtc-operator:<hash of what went in>`: in no registry, so never pulled. */
  readonly ref: string;
  /** Of the archive, which is not compressed. */
  readonly sizeBytes: number;
}

/** What `make images` builds. */
export interface Images {
  readonly operator: Image;
  readonly sfu: Image;
}

/** What makes an image one of a release. */
export interface ReleaseOf {
  /** Of the commit. */
  readonly revision: string;
  /** Seconds since 1970 of the commit: the time of every file and of the image. */
  readonly epochS: number;
  /** Where the sources are. */
  readonly source: string;
}

interface BuildOptions {
  readonly say: Say;
  /** Absent: for this machine's own use, from layers of builds before. */
  readonly release?: ReleaseOf;
}

/**
 * Builds what is not up to date. Does nothing, in well under a second, when
 * everything is. `BASE_IMAGE` names a base to pull; without it the images stand
 * on one that is made here.
 */
export async function buildImages({ say, release }: BuildOptions): Promise<Images> {
  const build = async (): Promise<Images> => ({
    operator: await buildImage('operator', { say, release }),
    sfu: await buildImage('sfu', { say, release }),
  });
  return withMachineLock('rtc-image-builds', build, {
    timeoutMs: buildTimeoutMs,
    onWait: () => say('images: waiting for another build on this machine'),
  });
}

/** A cluster or a test of another checkout may be using its own. */
const keptImages = 3;

/** Whoever wants the same at the same time waits for it. */
const buildTimeoutMs = 15 * 60_000;

interface Build {
  readonly name: keyof Images;
  /** Folder of the media worker. */
  readonly worker: string;
  readonly say: Say;
  readonly release: ReleaseOf | undefined;
}

async function buildImage(
  name: keyof Images,
  { say, release }: Pick<Build, 'say' | 'release'>,
): Promise<Image> {
  const build = { name, say, release, worker: dirname(await ensureWorker({ say })) };
  const stamp = await imageStamp(build);
  const ref = `localhost/rtc-${name}:${stamp.slice(0, 12)}`;
  const startedMs = performance.now();
  const folderName = `images/${name}-${stamp.slice(0, 12)}`;
  const { dir, built } = await buildCached(folderName, stamp, async (folder) => {
    say(`image ${ref}: building`);
    await buildah(...(await buildArguments(build, ref)));
    await archive(ref, folder);
    await removeOlder(ref, keptImages);
    await pruneStore();
  });
  if (built)
    await keepNewest(dirname(dir), { isOne: (one) => one.startsWith(`${name}-`), count: keptImages });
  const image = await archivedImage(ref, dir);
  if (built) say(`image ${ref}: ${sizeText(image)}, ${seconds(startedMs)} s`);
  return image;
}

const archiveIn = (folder: string): string => join(folder, 'image.tar');

/** Puts an image of our store into `folder`, as a node takes it. */
export async function archive(ref: string, folder: string): Promise<void> {
  await buildah('push', '--quiet', ref, `docker-archive:${archiveIn(folder)}:${ref}`);
}

/** The image that `archive` put there. */
export async function archivedImage(ref: string, folder: string): Promise<Image> {
  const tar = archiveIn(folder);
  return { tar, ref, sizeBytes: (await stat(tar)).size };
}

async function buildArguments(
  { name, worker, say, release }: Build,
  ref: string,
): Promise<readonly string[]> {
  return [
    'bud',
    '--isolation=chroot',
    '--force-rm',
    ...(release === undefined ? ['--layers'] : releaseArguments(release)),
    ...(await baseArguments(say)),
    ...buildSecrets(),
    `--label=org.opencontainers.image.version=${await version()}`,
    `--build-context=worker=${worker}`,
    `--file=${join(root, `Dockerfile.${name}`)}`,
    `--tag=${ref}`,
    root,
  ];
}

/**
 * Nothing of earlier builds, whose files have times of their own. A file is as old as the commit, and so is the image;
 * as labels, since build arguments would not reach layers that are kept.
 */
export function releaseArguments({ revision, epochS, source }: ReleaseOf): readonly string[] {
  return [
    '--no-cache',
    `--timestamp=${epochS}`,
    `--label=org.opencontainers.image.revision=${revision}`,
    `--label=org.opencontainers.image.source=${source}`,
  ];
}

/** For the label by which people tell images apart. As a build argument it would not reach layers that are kept. */
async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

async function baseArguments(say: Say): Promise<readonly string[]> {
  const given = process.env['BASE_IMAGE'];
  if (given !== undefined && given !== '') return [`--build-arg=BASE_IMAGE=${given}`];
  const { base, build } = await ensureBaseImages(say);
  return ['--pull-never', `--build-arg=BASE_IMAGE=${base}`, `--build-arg=BUILD_IMAGE=${build}`];
}

/** A hash over everything that the image is made of. */
async function imageStamp({ name, worker, release }: Build): Promise<string> {
  const sources = await filesBelow(join(root, name));
  const others = [
    `Dockerfile.${name}`,
    '.dockerignore',
    'package.json',
    'package-lock.json',
    '.npmrc',
    'LICENSE',
  ];
  const base = process.env['BASE_IMAGE'] ?? (await baseImageRefs()).base;
  const texts = [base, ...(release === undefined ? [] : releaseArguments(release))];
  const workerFiles = name === 'sfu' ? [join(worker, 'stamp')] : [];
  return stampOf({ texts, files: [...others.map((file) => join(root, file)), ...sources, ...workerFiles] });
}

async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function sizeText({ sizeBytes }: Image): string {
  return `${(sizeBytes / 2 ** 20).toFixed(0)} MiB`;
}

function seconds(startedMs: number): string {
  return ((performance.now() - startedMs) / 1000).toFixed(1);
}

if (import.meta.main) {
  const say = startProgress();
  await ensurePackages(imagePackages, say);
  const images = await buildImages({ say });
  await writeEvidence('images', 'make images', {
    operatorMiB: images.operator.sizeBytes / 2 ** 20,
    sfuMiB: images.sfu.sizeBytes / 2 ** 20,
  });
  for (const image of Object.values(images) as Image[])
    say(`${image.ref} ${sizeText(image)} ${relative(process.cwd(), image.tar)}`);
}
