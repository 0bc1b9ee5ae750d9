/** How client keys are kept: scrypt (RFC 7914), computed on libuv's threads, never on the event loop. */
import { createHmac, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/**
 * About 10 ms and 4 MiB. Keys are at least 32 bytes and nearly always random, for
 * which a plain one-way function would do (NIST SP 800-63B 5.1.2.2); this is for
 * the ones that people made up.
 */
const cost = { N: 4_096, r: 8, p: 1 };
const hashBytes = 32;

/** `scrypt$N$r$p$salt$hash`, salt and hash as base64url. */
export async function hashKey(key: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(key, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** False for another key, and for text that is no hash of ours. */
export async function isKeyOf(stored: string, key: string): Promise<boolean> {
  const [kind, N, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64url');
  if (kind !== 'scrypt' || expected.length !== hashBytes) return false;
  const actual = await derive(key, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(actual, expected);
}

/** A keyed hash (HMAC-SHA-256, base64url) that costs microseconds: worth as much as its secret. */
export function quickHash(secret: Buffer, clientID: string, key: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([clientID, key]))
    .digest('base64url');
}

/** Compares without telling where the difference is. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** 32 bytes by scrypt. */
export function derive(key: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(key, salt, hashBytes, { ...options, maxmem: 64 * 1024 * 1024 }, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    ),
  );
}
