/** The `Authorization` header → who is asking (wire spec 1.1). */
import { timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { ClientError, type Clients } from './clients.ts';
import type { Tokens } from './tokens.ts';

/** Who is asking. An admin has the empty client id. */
export type Identity =
  | { readonly ok: true; readonly clientID: string; readonly isAdmin: boolean }
  | { readonly ok: false; readonly reason: string };

/** Judges a request by its header. Never rejects. */
export type Authenticate = (header: string | undefined) => Promise<Identity>;

/** What `createAuthenticate` is made of. */
export interface AuthenticateDeps {
  readonly clients: Clients;
  readonly tokens: Tokens;
  /** Undefined when admin is not enabled. */
  readonly adminKey: string | undefined;
  readonly log: Logger;
}

/** Bearer when the header says so, Basic otherwise. */
export function createAuthenticate(deps: AuthenticateDeps): Authenticate {
  return (header) =>
    header?.startsWith('Bearer ') === true
      ? Promise.resolve(bearer(header.slice('Bearer '.length), deps.tokens))
      : basic(header, deps);
}

function bearer(token: string, tokens: Tokens): Identity {
  const check = tokens.check(token);
  return check.ok ? { ok: true, clientID: check.clientID, isAdmin: false } : refuse(check.reason);
}

async function basic(header: string | undefined, deps: AuthenticateDeps): Promise<Identity> {
  const credentials = parseBasic(header);
  if (credentials === undefined) return refuse('invalid auth header');
  const { user, password } = credentials;
  if (deps.adminKey !== undefined && isEqual(password, deps.adminKey))
    return { ok: true, clientID: '', isAdmin: true };
  if (user === '') return refuse('unauthorized');
  try {
    await deps.clients.authenticate(user, password);
    return { ok: true, clientID: user, isAdmin: false };
  } catch (error) {
    const reason = error instanceof ClientError ? error.message : 'internal error';
    deps.log.warn(
      { clientID: user, reason, ...(error instanceof ClientError ? {} : { err: error }) },
      'Refused client',
    );
    return { ok: false, reason: 'authentication failed' };
  }
}

/** RFC 7617; the password may contain colons, the scheme is matched without regard to case. */
export function parseBasic(header: string | undefined): { user: string; password: string } | undefined {
  const match = /^basic ([A-Za-z0-9+/]*={0,2})$/i.exec(header ?? '');
  if (match === null) return undefined;
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function refuse(reason: string): Identity {
  return { ok: false, reason: `authentication failed: ${reason}` };
}

function isEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
