/** Credentials of the TURN REST scheme (draft-uberti-behave-turn-rest-00), as the Calls plugin makes them. Pure. */
import { createHash, createHmac } from 'node:crypto';

/** What a client is given. */
export interface TurnCredential {
  /** `expiry:user`, the expiry in Unix seconds. */
  readonly username: string;
  readonly password: string;
}

/** A credential that can begin allocations until `ttlSeconds` after `nowMs`. */
export function restCredential(
  secret: string,
  { user, ttlSeconds, nowMs }: { readonly user: string; readonly ttlSeconds: number; readonly nowMs: number },
): TurnCredential {
  const username = `${Math.floor(nowMs / 1000) + ttlSeconds}:${user}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

/** RFC 8489 §9.2.2: the key of MESSAGE-INTEGRITY. */
export function longTermKey({ username, password }: TurnCredential, realm: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}
