/** The files of the checkout that are not somebody else's, or built. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const ignored = new Set(['node_modules', '.git', 'dist', 'coverage']);

/** Every file below `dir`, in no order, each path beginning with `dir`. */
export async function filesBelow(dir: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (ignored.has(entry.name)) continue;
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
