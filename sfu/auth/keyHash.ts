/** How client keys are kept: scrypt (RFC 7914), computed on libuv's threads, never on the event loop. */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** About 50 ms and 16 MiB a hash: what OWASP asks for at least, like bcrypt's cost 10 of rtcd. */
const cost = { N: 16_384, r: 8, p: 1 };
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

function derive(key: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(key, salt, hashBytes, { ...options, maxmem: 64 * 1024 * 1024 }, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    ),
  );
}
