/** Bearer tokens: in memory only, one per client, a new one replaces the old (wire spec 1.1). */
import { randomBytes } from 'node:crypto';

/** What a token stands for, or why it stands for nothing. */
export type TokenCheck =
  | { readonly ok: true; readonly clientID: string }
  | { readonly ok: false; readonly reason: 'token is invalid' | 'session is expired' };

/** The tokens of `/login`. */
export interface Tokens {
  issue(clientID: string): string;
  check(token: string): TokenCheck;
  revoke(clientID: string): void;
}

/** `nowMs` is the time in milliseconds; a token's lifetime starts at `issue` and is not extended by use. */
export function createTokens({ lifetimeMs, nowMs }: { lifetimeMs: number; nowMs: () => number }): Tokens {
  const tokenOf = new Map<string, string>();
  const sessions = new Map<string, { readonly clientID: string; readonly expiresMs: number }>();
  const revoke = (clientID: string): void => {
    const token = tokenOf.get(clientID);
    if (token !== undefined) sessions.delete(token);
    tokenOf.delete(clientID);
  };
  return {
    revoke,
    issue(clientID) {
      revoke(clientID);
      const token = randomBytes(24).toString('base64url');
      tokenOf.set(clientID, token);
      sessions.set(token, { clientID, expiresMs: nowMs() + lifetimeMs });
      return token;
    },
    check(token) {
      const session = sessions.get(token);
      if (session === undefined) return { ok: false, reason: 'token is invalid' };
      if (nowMs() <= session.expiresMs) return { ok: true, clientID: session.clientID };
      revoke(session.clientID);
      return { ok: false, reason: 'session is expired' };
    },
  };
}
