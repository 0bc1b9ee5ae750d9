/** Branches come and go, and with them what was built for each: the newest few stay in the cache. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the folders of `parent` whose name is one, but for the `count` that changed last. */
export async function keepNewest(
  parent: string,
  { isOne, count }: { readonly isOne: (name: string) => boolean; readonly count: number },
): Promise<void> {
  const folders = (await readdir(parent)).filter(isOne).map((name) => join(parent, name));
  const ages = await Promise.all(folders.map(async (folder) => (await stat(folder)).mtimeMs));
  const newestFirst = folders.map((folder, index) => ({ folder, atMs: ages[index] ?? 0 }));
  newestFirst.sort((a, b) => b.atMs - a.atMs);
  for (const { folder } of newestFirst.slice(count)) await rm(folder, { recursive: true, force: true });
}
