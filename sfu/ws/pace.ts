/** How fast the messages of one client are read, over all its connections. */
import { createTokenBucket, type TokenBucket } from '../ops/tokenBucket.ts';

/** By client. */
export interface Paces {
  /** Takes the size of a message in bytes; says how many milliseconds to wait before the next. */
  of(clientID: string): (bytes: number) => number;
  forget(clientID: string): void;
}

/** A large message is more work than a small one: it counts once more for each of these. */
const bytesPerToken = 16 * 1024;

/** Bursts of two seconds' worth pass: all users of a Mattermost may come back at once. `perSecond` 0 = no limit. */
export function createPaces(perSecond: number, nowMs = () => performance.now()): Paces {
  const buckets = new Map<string, TokenBucket>();
  return {
    of(clientID) {
      const bucket = buckets.get(clientID) ?? createTokenBucket({ perSecond, burst: perSecond * 2, nowMs });
      buckets.set(clientID, bucket);
      return (bytes) => bucket.overdraw(1 + Math.floor(bytes / bytesPerToken));
    },
    forget: (clientID) => void buckets.delete(clientID),
  };
}
