/** A program of a Debian package without installing the package: no service starts, and the machine stays as it is. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { buildCached, stampOf } from './cache.ts';
import type { Say } from './progress.ts';
import { run } from './run.ts';

/**
 * Folder with the unpacked package `name` of the machine's own release, from the
 * cache or Debian's archive. What the package depends on must be there.
 */
export async function ensureUnpacked(name: string, say: Say): Promise<string> {
  const stamp = await stampOf({ texts: [name], files: ['/etc/debian_version'] });
  const { dir } = await buildCached(`tools/${name}`, stamp, async (out) => {
    say(`${name}: unpacking Debian's package`);
    await run('apt-get', ['update', '-qq']);
    // As root in root's own folder; the sandbox user of apt could not write there.
    await run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', '-qq', name], { cwd: out });
    for (const file of await readdir(out)) await run('dpkg-deb', ['-x', join(out, file), out]);
  });
  return dir;
}
