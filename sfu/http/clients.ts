/** `/register`, `/unregister`, `/login` (wire spec 1.2). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import { ClientError, type Clients } from '../auth/clients.ts';
import type { Tokens } from '../auth/tokens.ts';
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

/** Adds the routes. */
export function clientRoutes(app: FastifyInstance, deps: ClientRoutesDeps): void {
  app.post('/register', (request, reply) => register(request, reply, deps));
  app.post('/unregister', (request, reply) => unregister(request, reply, deps));
  app.post('/login', (request, reply) => login(request, reply, deps));
}

async function register(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ClientRoutesDeps,
): Promise<FastifyReply> {
  if (!deps.isSelfRegistrationAllowed) {
    const identity = await deps.authenticate(request.headers.authorization);
    if (!identity.ok) return sendFlat(reply, 401, { error: identity.reason });
  }
  const body = readBody(request.body);
  if (!body.ok) return sendFlat(reply, 400, { error: body.reason });
  const clientID = body.values.get('clientID') ?? '';
  const problem = await problemOf(deps.clients.register(clientID, body.values.get('authKey') ?? ''));
  if (problem !== undefined) return sendFlat(reply, 400, { error: problem });
  deps.log.info({ clientID }, 'Registered client');
  return sendFlat(reply, 201, { clientID });
}

async function unregister(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ClientRoutesDeps,
): Promise<FastifyReply> {
  if (!deps.isAdminEnabled && !deps.isSelfRegistrationAllowed)
    return sendFlat(reply, 403, { error: 'unregister not enabled' });
  const identity = await deps.authenticate(request.headers.authorization);
  if (!identity.ok) return sendFlat(reply, 401, { error: identity.reason });
  const target = unregisterTarget(request.body, identity);
  if (!target.ok) return sendFlat(reply, target.code, { error: target.reason });
  const { clientID } = target;
  const problem = await problemOf(deps.clients.unregister(clientID));
  if (problem !== undefined) return sendFlat(reply, 400, { error: problem });
  deps.tokens.revoke(clientID);
  deps.log.info({ clientID }, 'Unregistered client');
  return sendFlat(reply, 200, {});
}

type Target =
  | { readonly ok: true; readonly clientID: string }
  | { readonly ok: false; readonly code: 400 | 403; readonly reason: string };

/** Whom to unregister: a client itself only, an admin anybody. */
function unregisterTarget(raw: unknown, identity: { clientID: string; isAdmin: boolean }): Target {
  const body = readBody(raw);
  if (!body.ok) return { ok: false, code: 400, reason: body.reason };
  const clientID = body.values.get('clientID') ?? '';
  if (clientID === '') return { ok: false, code: 400, reason: 'client id should not be empty' };
  const isAllowed = identity.isAdmin || identity.clientID === clientID;
  return isAllowed ? { ok: true, clientID } : { ok: false, code: 403, reason: 'client id not valid' };
}

async function login(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ClientRoutesDeps,
): Promise<FastifyReply> {
  const body = readBody(request.body);
  if (!body.ok) return sendFlat(reply, 400, { error: body.reason });
  const clientID = body.values.get('clientID') ?? '';
  const problem = await problemOf(deps.clients.authenticate(clientID, body.values.get('authKey') ?? ''));
  if (problem !== undefined) return sendFlat(reply, 400, { error: `login failed: ${problem}` });
  deps.log.debug({ clientID }, 'Logged in client');
  return sendFlat(reply, 200, { bearerToken: deps.tokens.issue(clientID) });
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
