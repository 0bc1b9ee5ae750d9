/** buildah with an image store of our own in the cache: the machine's own store stays as it is. */
import { join } from 'node:path';

import { cached } from './cache.ts';
import { run } from './run.ts';

/** Folder of the image store. Its layers make the next build quick. */
export const storeFolder = cached('buildah');

const store = ['--root', join(storeFolder, 'store'), '--runroot', join(storeFolder, 'run')];

/** What buildah printed, without the newline at its end. */
export async function buildah(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('nice', ['buildah', ...store, ...args]);
  return stdout.trimEnd();
}

/** Whether the store has an image of this name. */
export async function hasImage(ref: string): Promise<boolean> {
  const names = await buildah('images', '--format', '{{.Name}}:{{.Tag}}');
  return names.split('\n').includes(ref);
}

/** An image as `buildah images --json` lists it. */
export interface ListedImage {
  /** Null for a layer of a build. */
  readonly names: readonly string[] | null;
  /** Unix seconds. */
  readonly created: number;
}

/** Removes the tags of `ref`'s name but for `ref` and the newest others, `kept` in all; layers that others use stay. */
export async function removeOlder(ref: string, kept = 1): Promise<void> {
  const images = JSON.parse(await buildah('images', '--json')) as readonly ListedImage[];
  const older = olderThan(images, ref, kept);
  if (older.length > 0) await buildah('rmi', '--force', ...older);
}

/** Pure: what `removeOlder` removes. */
export function olderThan(images: readonly ListedImage[], ref: string, kept: number): readonly string[] {
  const name = ref.slice(0, ref.lastIndexOf(':') + 1);
  return images
    .flatMap(({ names, created }) => (names ?? []).map((tag) => ({ tag, created })))
    .filter(({ tag }) => tag.startsWith(name) && tag !== ref)
    .sort((a, b) => b.created - a.created)
    .slice(kept - 1)
    .map(({ tag }) => tag);
}

/** Layers of builds gone by make the next one quick; beyond this many they are only weight. */
const keptLayers = 40;

/** Removes what earlier builds left, when it has become much. */
export async function pruneStore(): Promise<void> {
  const layers = await buildah('images', '--quiet', '--filter', 'dangling=true');
  if (layers.split('\n').length <= keptLayers) return;
  await buildah('rmi', '--prune').catch((error: unknown) => {
    if (!isInUse(error)) throw error;
  });
}

/** Pure: whether buildah removed all but what a build stands on, one that is under way elsewhere or was interrupted. */
export function isInUse(error: unknown): boolean {
  const failures = String(error)
    .split('\n')
    .filter((line) => line.startsWith('\t*'));
  return failures.length > 0 && failures.every((line) => line.includes('image is in use by a container'));
}

/** An image of `base` (or `scratch`) with what `change` does to the container it is given. */
export async function imageFrom(
  base: string,
  ref: string,
  change: (container: string) => Promise<void>,
): Promise<void> {
  const container = await buildah('from', '--pull-never', base);
  try {
    await change(container);
    await buildah('commit', '--quiet', container, ref);
  } finally {
    await buildah('rm', container);
  }
}

/** An image of `base` (or `scratch`) with the content of `folder` laid over it as one layer. */
export function imageFromFolder(base: string, folder: string, ref: string): Promise<void> {
  return imageFrom(base, ref, async (container) => {
    await buildah('copy', '--quiet', container, folder, '/');
    await buildah('config', '--env', `PATH=${searchPath}`, container);
  });
}

/** As in Debian's own images. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
