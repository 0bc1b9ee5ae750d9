/** `/register`, `/unregister`, `/login` (wire spec 1.2). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate, Identity } from '../auth/authenticate.ts';
import { ClientError, type Clients } from '../auth/clients.ts';
import type { Tokens } from '../auth/tokens.ts';
import { audit, nameOf, type Audited } from './audit.ts';
import { readBody } from './body.ts';
import { sendFlat } from './reply.ts';

/** What the routes work with. */
export interface ClientRoutesDeps {
  readonly authenticate: Authenticate;
  readonly clients: Clients;
  readonly tokens: Tokens;
  readonly isAdminEnabled: boolean;
  readonly isSelfRegistrationAllowed: boolean;
  readonly log: Logger;
}

/** Adds the routes; each try is audited. */
export function clientRoutes(app: FastifyInstance, deps: ClientRoutesDeps): void {
  const route = (action: Audited['action'], judge: Judge): void => {
    app.post(`/${action}`, async (request, reply) => {
      const { code, values, by, clientID } = await judge(request, deps);
      const about = clientID === undefined ? {} : { clientID };
      audit(deps.log, request, { action, by, ...about, outcome: values['error'] ?? 'done' });
      return sendFlat(reply, code, values);
    });
  };
  route('register', register);
  route('unregister', unregister);
  route('login', login);
}

/** An answer, and what the audit says of it. */
interface Judged {
  readonly code: number;
  readonly values: Readonly<Record<string, string>>;
  readonly by: string;
  readonly clientID?: string;
}

type Judge = (request: FastifyRequest, deps: ClientRoutesDeps) => Promise<Judged>;

const refused = (code: number, error: string, who: Omit<Judged, 'code' | 'values'>): Judged => ({
  code,
  values: { error },
  ...who,
});

async function register(request: FastifyRequest, deps: ClientRoutesDeps): Promise<Judged> {
  const identity: Identity = deps.isSelfRegistrationAllowed
    ? { ok: true, clientID: 'anonymous', isAdmin: false }
    : await deps.authenticate(request.headers.authorization);
  if (!identity.ok) return refused(401, identity.reason, { by: 'anonymous' });
  const by = nameOf(identity);
  const body = readBody(request.body);
  if (!body.ok) return refused(400, body.reason, { by });
  const clientID = body.values.get('clientID') ?? '';
  const problem = await problemOf(deps.clients.register(clientID, body.values.get('authKey') ?? ''));
  if (problem !== undefined) return refused(400, problem, { by, clientID });
  return { code: 201, values: { clientID }, by, clientID };
}

async function unregister(request: FastifyRequest, deps: ClientRoutesDeps): Promise<Judged> {
  if (!deps.isAdminEnabled && !deps.isSelfRegistrationAllowed)
    return refused(403, 'unregister not enabled', { by: 'anonymous' });
  const identity = await deps.authenticate(request.headers.authorization);
  if (!identity.ok) return refused(401, identity.reason, { by: 'anonymous' });
  const by = nameOf(identity);
  const target = unregisterTarget(request.body, identity);
  if (!target.ok) return refused(target.code, target.reason, { by, clientID: target.clientID });
  const { clientID } = target;
  const problem = await problemOf(deps.clients.unregister(clientID));
  if (problem !== undefined) return refused(400, problem, { by, clientID });
  deps.tokens.revoke(clientID);
  return { code: 200, values: {}, by, clientID };
}

type Target =
  | { readonly ok: true; readonly clientID: string }
  | { readonly ok: false; readonly code: 400 | 403; readonly reason: string; readonly clientID: string };

/** Whom to unregister: a client itself only, an admin anybody. */
function unregisterTarget(raw: unknown, identity: { clientID: string; isAdmin: boolean }): Target {
  const body = readBody(raw);
  if (!body.ok) return { ok: false, code: 400, reason: body.reason, clientID: '' };
  const clientID = body.values.get('clientID') ?? '';
  if (clientID === '') return { ok: false, code: 400, reason: 'client id should not be empty', clientID };
  const isAllowed = identity.isAdmin || identity.clientID === clientID;
  return isAllowed
    ? { ok: true, clientID }
    : { ok: false, code: 403, reason: 'client id not valid', clientID };
}

async function login(request: FastifyRequest, deps: ClientRoutesDeps): Promise<Judged> {
  const body = readBody(request.body);
  if (!body.ok) return refused(400, body.reason, { by: 'anonymous' });
  const clientID = body.values.get('clientID') ?? '';
  const problem = await problemOf(deps.clients.authenticate(clientID, body.values.get('authKey') ?? ''));
  if (problem !== undefined) return refused(400, `login failed: ${problem}`, { by: 'anonymous', clientID });
  return { code: 200, values: { bearerToken: deps.tokens.issue(clientID) }, by: clientID, clientID };
}

/** A `ClientError` is an answer; anything else is ours to answer for (500). */
async function problemOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
}
