/** The plugins that may connect: registered here or mounted; errors in rtcd's words (wire spec 1.2). */
import type { ClientStore } from './directoryStore.ts';
import type { KeyChecks } from './keyChecks.ts';
import { isSame } from './keyHash.ts';
import { Busy } from './limiter.ts';
import type { MountedClients } from './mountedClients.ts';
import { maxKeyBytes, minKeyBytes } from './rules.ts';

/** Why a client could not be registered, unregistered or recognised; the message is the answer. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** The message for a client that nobody registered. */
export const unknownClient = 'authentication failed: error: not found';

/** Registering, unregistering, and checking keys. Each rejects with a `ClientError`. */
export interface Clients {
  register(clientID: string, key: string): Promise<void>;
  unregister(clientID: string): Promise<void>;
  /** Resolves when the key is that client's. */
  authenticate(clientID: string, key: string): Promise<void>;
}

/** What they are kept in and checked by. */
export interface ClientsDeps {
  readonly store: ClientStore;
  readonly mounted: MountedClients;
  readonly keys: KeyChecks;
  /** Registered ones at most; 0 = no limit. */
  readonly most: number;
}

/** No state of its own but the names that are being registered. */
export function createClients({ store, mounted, keys, most }: ClientsDeps): Clients {
  const pending = new Set<string>();
  const isTaken = (clientID: string): boolean =>
    pending.has(clientID) || store.get(clientID) !== undefined || mounted.keyOf(clientID) !== undefined;
  const count = (): number =>
    store.size() + [...pending].filter((clientID) => store.get(clientID) === undefined).length;

  return {
    async register(clientID, key) {
      const reason = registrationProblem(clientID, key, isTaken(clientID)) ?? fullProblem(count(), most);
      if (reason !== undefined) throw new ClientError(`registration failed: ${reason}`);
      pending.add(clientID);
      try {
        await store.put(clientID, { hash: await keys.hash(key) });
        keys.remember(clientID, key);
      } catch (error) {
        throw new ClientError(`registration failed: ${reasonOf(error)}`, { cause: error });
      } finally {
        pending.delete(clientID);
      }
    },
    async unregister(clientID) {
      if (!(await store.remove(clientID))) throw new ClientError('unregister failed: error: not found');
      keys.forget(clientID);
    },
    async authenticate(clientID, key) {
      if (clientID === '') throw new ClientError('authentication failed: error: empty key');
      const mountedKey = mounted.keyOf(clientID);
      if (mountedKey !== undefined && isSame(mountedKey, key)) return;
      if (store.get(clientID) === undefined && mountedKey === undefined) throw new ClientError(unknownClient);
      if (!(await keys.isKeyOf(clientID, key).catch(busy))) throw new ClientError('authentication failed');
    },
  };
}

function registrationProblem(clientID: string, key: string, isTaken: boolean): string | undefined {
  if (Buffer.byteLength(key) < minKeyBytes) return 'key not long enough';
  if (clientID === '') return 'error: empty key';
  if (isTaken) return 'already registered';
  if (Buffer.byteLength(key) > maxKeyBytes) return 'bcrypt: password length exceeds 72 bytes';
  return undefined;
}

function fullProblem(have: number, most: number): string | undefined {
  return most > 0 && have >= most
    ? `limit of ${most} clients is reached (limits.registered_clients)`
    : undefined;
}

function busy(error: unknown): never {
  if (error instanceof Busy)
    throw new ClientError(`authentication failed: ${error.message}`, { cause: error });
  throw error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
