/** Registered clients on disk: one small file each, written whole or not at all. */
import { accessSync, constants, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Client id → hash of its key. Reads are from memory. */
export interface ClientStore {
  hashOf(clientID: string): string | undefined;
  /** Resolves when it is on disk. */
  put(clientID: string, hash: string): Promise<void>;
  /** Resolves when it is gone from disk; false when there was none. */
  remove(clientID: string): Promise<boolean>;
}

const suffix = '.client.json';

/**
 * Opens or makes the directory (0700, files 0600). Files that are not ours, such
 * as rtcd's own database, stay untouched; a damaged one is named and skipped.
 */
export function createDirectoryStore({ dir, log }: { dir: string; log: Logger }): ClientStore {
  prepare(dir);
  const hashes = readAll(dir, log);
  const fileOf = (clientID: string): string =>
    join(dir, Buffer.from(clientID).toString('base64url') + suffix);
  return {
    hashOf: (clientID) => hashes.get(clientID),
    async put(clientID, hash) {
      const temporary = `${fileOf(clientID)}.${process.pid}.tmp`;
      hashes.set(clientID, hash);
      try {
        await writeFile(temporary, JSON.stringify({ clientID, hash }), { mode: 0o600 });
        await rename(temporary, fileOf(clientID));
      } catch (error) {
        hashes.delete(clientID);
        throw error;
      }
    },
    async remove(clientID) {
      if (!hashes.delete(clientID)) return false;
      await rm(fileOf(clientID), { force: true });
      return true;
    },
  };
}

function prepare(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.R_OK | constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `store.data_source: ${reason}; make ${dir} writable for user ${process.getuid?.() ?? ''}, or name another directory`,
      { cause: error },
    );
  }
}

function readAll(dir: string, log: Logger): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const name of readdirSync(dir).filter((file) => file.endsWith(suffix))) {
    const client = readClient(join(dir, name));
    if (client === undefined) log.warn({ file: join(dir, name) }, 'Skipped a damaged client file');
    else hashes.set(client.clientID, client.hash);
  }
  return hashes;
}

function readClient(file: string): { readonly clientID: string; readonly hash: string } | undefined {
  try {
    const { clientID, hash } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return typeof clientID === 'string' && typeof hash === 'string' ? { clientID, hash } : undefined;
  } catch {
    return undefined;
  }
}
