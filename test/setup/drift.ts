/**
 * `npm run generate:check`: runs the generators and fails, naming each file,
 * when that changes anything. Files are compared before and after, so it works
 * in a tree with changes of one's own. What was generated stays.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { differences } from './differences.ts';
import { filesBelow } from './files.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../..');

/** SHA-256 by path, relative to `dir`. */
async function contents(dir: string): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const file of await filesBelow(dir)) {
    const hash = createHash('sha256').update(await readFile(file));
    hashes.set(relative(dir, file), hash.digest('hex'));
  }
  return hashes;
}

const before = await contents(root);
await run('npm', ['run', '--silent', 'generate'], { cwd: root });
const changes = differences(before, await contents(root));
if (changes.length > 0) {
  process.stderr.write('Generated files were not up to date. They are now: look at them and commit them.\n');
  for (const { file, how } of changes) process.stderr.write(`  ${how} ${file}\n`);
  process.exitCode = 1;
}
