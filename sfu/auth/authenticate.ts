/** The `Authorization` header → who is asking (wire spec 1.1). */
import { timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { createBoundedLog, type BoundedLog } from '../ops/boundedLog.ts';
import { ClientError, type Clients, unknownClient } from './clients.ts';
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
  const lines = createBoundedLog();
  return (header) =>
    header?.startsWith('Bearer ') === true
      ? Promise.resolve(bearer(header.slice('Bearer '.length), deps.tokens))
      : basic(header, { ...deps, lines });
}

function bearer(token: string, tokens: Tokens): Identity {
  const check = tokens.check(token);
  return check.ok ? { ok: true, clientID: check.clientID, isAdmin: false } : refuse(check.reason);
}

async function basic(
  header: string | undefined,
  deps: AuthenticateDeps & { readonly lines: BoundedLog },
): Promise<Identity> {
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
    const fault = error instanceof ClientError ? {} : { err: error };
    // Strangers may call themselves anything; of clients there are only so many.
    deps.lines.say(reason === unknownClient ? reason : `${reason} ${user}`, (more) =>
      deps.log.warn({ clientID: user, reason, ...fault, ...more }, 'Refused client'),
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
