/** The plugins that may connect: registered here or mounted; errors in rtcd's words (wire spec 1.2). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ClientStore } from './directoryStore.ts';
import { hashKey, isKeyOf } from './keyHash.ts';
import { Busy, createLimiter } from './limiter.ts';
import type { MountedClients } from './mountedClients.ts';
import { maxKeyBytes, minKeyBytes } from './rules.ts';

/** Why a client could not be registered, unregistered or recognised; the message is the answer. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** Registering, unregistering, and checking keys. Each rejects with a `ClientError`. */
export interface Clients {
  register(clientID: string, key: string): Promise<void>;
  unregister(clientID: string): Promise<void>;
  /** Resolves when the key is that client's. */
  authenticate(clientID: string, key: string): Promise<void>;
}

/** As rtcd: whoever waits longer for the hashing of a key is turned away. */
const hashWaitMs = 10_000;

/** Keys once found good are remembered as keyed hashes, so that a herd of reconnecting plugins costs no hashing. */
export function createClients({ store, mounted }: { store: ClientStore; mounted: MountedClients }): Clients {
  const secret = randomBytes(32);
  const digest = (key: string): Buffer => createHmac('sha256', secret).update(key).digest();
  const good = new Map<string, { readonly hash: string; readonly digest: Buffer }>();
  const pending = new Set<string>();
  const limiter = createLimiter({
    concurrent: Math.max(1, Math.min(4, availableParallelism())),
    waitMs: hashWaitMs,
  });
  const isTaken = (clientID: string): boolean =>
    pending.has(clientID) || store.hashOf(clientID) !== undefined || mounted.keyOf(clientID) !== undefined;

  const isRegisteredKey = async (clientID: string, hash: string, key: string): Promise<boolean> => {
    const known = good.get(clientID);
    const keyDigest = digest(key);
    if (known?.hash === hash && timingSafeEqual(known.digest, keyDigest)) return true;
    if (!(await limiter.run(() => isKeyOf(hash, key)))) return false;
    good.set(clientID, { hash, digest: keyDigest });
    return true;
  };

  return {
    async register(clientID, key) {
      const reason = registrationProblem(clientID, key, isTaken(clientID));
      if (reason !== undefined) throw new ClientError(`registration failed: ${reason}`);
      pending.add(clientID);
      try {
        await store.put(clientID, await limiter.run(() => hashKey(key)));
      } catch (error) {
        throw new ClientError(`registration failed: ${reasonOf(error)}`, { cause: error });
      } finally {
        pending.delete(clientID);
      }
    },
    async unregister(clientID) {
      good.delete(clientID);
      if (!(await store.remove(clientID))) throw new ClientError('unregister failed: error: not found');
    },
    async authenticate(clientID, key) {
      if (clientID === '') throw new ClientError('authentication failed: error: empty key');
      const mountedKey = mounted.keyOf(clientID);
      const hash = store.hashOf(clientID);
      if (mountedKey !== undefined && timingSafeEqual(digest(mountedKey), digest(key))) return;
      if (hash === undefined && mountedKey === undefined)
        throw new ClientError('authentication failed: error: not found');
      if (hash === undefined || !(await isRegisteredKey(clientID, hash, key).catch(busy)))
        throw new ClientError('authentication failed');
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

function busy(error: unknown): never {
  if (error instanceof Busy)
    throw new ClientError(`authentication failed: ${error.message}`, { cause: error });
  throw error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
