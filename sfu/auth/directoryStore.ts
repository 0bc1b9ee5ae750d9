/** Registered clients on disk: one small file each, written whole or not at all. */
import { accessSync, constants, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** What is kept of a client's key: never the key itself. */
export interface StoredKey {
  /** By `hashKey`. */
  readonly hash: string;
  /** By `quickHash`, once the key was found good by a server that has a pepper. */
  readonly quick?: string;
}

/** Client id → hashes of its key. Reads are from memory. */
export interface ClientStore {
  get(clientID: string): StoredKey | undefined;
  /** How many there are. */
  size(): number;
  /** Resolves when it is on disk. */
  put(clientID: string, key: StoredKey): Promise<void>;
  /** Adds the quick hash, unless the client was changed or removed meanwhile. Resolves when it is on disk. */
  addQuick(clientID: string, key: Required<StoredKey>): Promise<void>;
  /** Resolves when it is gone from disk; false when there was none. When it rejects, the client is still there. */
  remove(clientID: string): Promise<boolean>;
}

const suffix = '.client.json';

/**
 * Opens or makes the directory (0700, files 0600). Files that are not ours, such
 * as rtcd's own database, stay untouched; a damaged one is named and skipped.
 */
export function createDirectoryStore({ dir, log }: { dir: string; log: Logger }): ClientStore {
  prepare(dir);
  const keys = readAll(dir, log);
  const inTurn = createTurns();
  const fileOf = (clientID: string): string =>
    join(dir, Buffer.from(clientID).toString('base64url') + suffix);
  const write = async (clientID: string, key: StoredKey): Promise<void> => {
    const temporary = `${fileOf(clientID)}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify({ clientID, ...key }), { mode: 0o600 });
    await rename(temporary, fileOf(clientID));
  };
  return {
    get: (clientID) => keys.get(clientID),
    size: () => keys.size,
    async put(clientID, key) {
      keys.set(clientID, key);
      try {
        await inTurn(() => write(clientID, key));
      } catch (error) {
        keys.delete(clientID);
        throw error;
      }
    },
    addQuick: (clientID, key) =>
      inTurn(async () => {
        if (keys.get(clientID)?.hash !== key.hash) return;
        await write(clientID, key);
        keys.set(clientID, key);
      }),
    remove: (clientID) =>
      inTurn(async () => {
        if (!keys.has(clientID)) return false;
        await rm(fileOf(clientID), { force: true });
        return keys.delete(clientID);
      }),
  };
}

/** One write after the other, so that no late one brings back what an earlier one removed. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined); // Told to whoever asked for that write.
    return done;
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

function readAll(dir: string, log: Logger): Map<string, StoredKey> {
  const keys = new Map<string, StoredKey>();
  for (const name of readdirSync(dir).filter((file) => file.endsWith(suffix))) {
    const client = readClient(join(dir, name));
    if (client === undefined) log.warn({ file: join(dir, name) }, 'Skipped a damaged client file');
    else keys.set(client.clientID, client.key);
  }
  return keys;
}

function readClient(file: string): { readonly clientID: string; readonly key: StoredKey } | undefined {
  try {
    const { clientID, hash, quick } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof clientID !== 'string' || typeof hash !== 'string') return undefined;
    return { clientID, key: typeof quick === 'string' ? { hash, quick } : { hash } };
  } catch {
    return undefined;
  }
}
