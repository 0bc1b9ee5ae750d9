/** Is this key that client's? Each answer costs a slow hash once; then it is known by a keyed hash. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { ClientStore } from './directoryStore.ts';
import { hashKey, isKeyOf, isSame, quickHash } from './keyHash.ts';
import { Busy, createLimiter } from './limiter.ts';

/** Hashes and checks keys, so many at a time as there are processors (at most four). */
export interface KeyChecks {
  /** The hash of a new key. Rejects with `Busy`. */
  hash(key: string): Promise<string>;
  /** Keeps a key that is known to be good. */
  remember(clientID: string, key: string): void;
  /** Compares with what the store has. Rejects with `Busy`. */
  isKeyOf(clientID: string, key: string): Promise<boolean>;
  forget(clientID: string): void;
}

/** As rtcd: whoever waits longer for the hashing of a key is turned away. */
const hashWaitMs = 10_000;

/** Wrong keys remembered for each client: a plugin with an old key tries it for ever. */
const wrongKeysKept = 4;

/** Keys of one client that are being checked at a time; one that is guessed at leaves the others their turns. */
const checksPerClient = 4;

/** What is known of a client's keys, by keyed hash, as long as the stored hash is this one. */
interface Known {
  readonly hash: string;
  good: string | undefined;
  readonly wrong: string[];
  readonly pending: Map<string, Promise<boolean>>;
}

/** What `createKeyChecks` is made of. */
export interface KeyChecksDeps {
  readonly store: ClientStore;
  /** The secret of what is kept over a restart; undefined = nothing is. */
  readonly pepper: Buffer | undefined;
  readonly log: Logger;
}

/** Nothing is known yet but what the store has. */
export function createKeyChecks({ store, pepper, log }: KeyChecksDeps): KeyChecks {
  const secret = pepper ?? randomBytes(32);
  const known = new Map<string, Known>();
  const limiter = createLimiter({
    concurrent: Math.max(1, Math.min(4, availableParallelism())),
    waitMs: hashWaitMs,
  });

  const knownOf = (clientID: string, hash: string): Known => {
    const before = known.get(clientID);
    if (before?.hash === hash) return before;
    const fresh: Known = { hash, good: undefined, wrong: [], pending: new Map() };
    known.set(clientID, fresh);
    return fresh;
  };
  const learn = (clientID: string, entry: Known, quick: string): void => {
    entry.good = quick;
    if (pepper === undefined || store.get(clientID)?.quick === quick) return;
    store.addQuick(clientID, { hash: entry.hash, quick }).catch((error: unknown) => {
      log.warn({ clientID, err: error }, 'Cannot keep the quick hash, the next start hashes again');
    });
  };
  const check = async (clientID: string, entry: Known, candidate: Candidate): Promise<boolean> => {
    const isGood = await limiter.run(() => isKeyOf(entry.hash, candidate.key));
    if (isGood) learn(clientID, entry, candidate.quick);
    else
      entry.wrong.splice(0, entry.wrong.length, ...[...entry.wrong, candidate.quick].slice(-wrongKeysKept));
    return isGood;
  };

  return {
    hash: (key) => limiter.run(() => hashKey(key)),
    remember(clientID, key) {
      const hash = store.get(clientID)?.hash;
      if (hash !== undefined) learn(clientID, knownOf(clientID, hash), quickHash(secret, clientID, key));
    },
    async isKeyOf(clientID, key) {
      const stored = store.get(clientID);
      if (stored === undefined) return false;
      const entry = knownOf(clientID, stored.hash);
      const quick = quickHash(secret, clientID, key);
      const answer = answerOf(entry, pepper === undefined ? undefined : stored.quick, quick);
      if (answer !== undefined) return answer;
      const pending = entry.pending.get(quick);
      if (pending !== undefined) return pending;
      if (entry.pending.size >= checksPerClient) throw new Busy('too many keys of this client at a time');
      const checking = check(clientID, entry, { key, quick });
      entry.pending.set(quick, checking);
      return checking.finally(() => entry.pending.delete(quick));
    },
    forget: (clientID) => void known.delete(clientID),
  };
}

interface Candidate {
  readonly key: string;
  readonly quick: string;
}

/** What is known without hashing; undefined = nothing. */
function answerOf({ good, wrong }: Known, kept: string | undefined, quick: string): boolean | undefined {
  if ([good, kept].some((one) => one !== undefined && isSame(one, quick))) return true;
  return wrong.some((one) => isSame(one, quick)) ? false : undefined;
}
