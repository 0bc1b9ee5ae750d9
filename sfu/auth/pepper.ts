/**
 * The secret of the quick hashes that are kept over a restart. It comes from the
 * admin key, which is not on the disk of the clients: whoever takes the disk has
 * nothing to guess client keys against but the slow hashes.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { derive } from './keyHash.ts';

/** Slow on purpose, once at start: a client that knows its own key must not learn the admin key from its quick hash. */
const cost = { N: 32_768, r: 8, p: 1 };

/** Undefined without an admin key: then nothing quick is kept, and each client is hashed once after a restart. */
export async function derivePepper(options: {
  readonly dir: string;
  readonly adminKey: string | undefined;
}): Promise<Buffer | undefined> {
  const { dir, adminKey } = options;
  return adminKey === undefined ? undefined : derive(adminKey, saltIn(dir), cost);
}

function saltIn(dir: string): Buffer {
  const file = join(dir, 'quick.salt');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(16), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}
