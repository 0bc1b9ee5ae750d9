/** `GET`, `POST` and `DELETE /drain`: with the admin key only, and reversible until the process ends. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Drain } from '../ops/drain.ts';
import { audit, type Audited } from './audit.ts';
import { sendFlat, sendJson } from './reply.ts';

/** What the routes work with. */
export interface DrainRoutesDeps {
  readonly authenticate: Authenticate;
  readonly isAdminEnabled: boolean;
  readonly drain: Drain;
  readonly log: Logger;
}

/** Why a request may not touch the drain, and who sent it. */
interface Refusal {
  readonly code: number;
  readonly error: string;
  readonly by: string;
}

/** Adds the routes; each try to change something is audited. */
export function drainRoutes(app: FastifyInstance, deps: DrainRoutesDeps): void {
  const { drain, log } = deps;
  const change = async (
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    action: Audited['action'],
    act: () => Refusal | undefined,
  ): Promise<FastifyReply> => {
    const refusal = (await refusalOf(request, deps)) ?? act();
    audit(log, request, { action, by: refusal?.by ?? 'admin', outcome: refusal?.error ?? 'done' });
    return answer(reply, refusal, drain);
  };

  app.get('/drain', async (request, reply) => answer(reply, await refusalOf(request, deps), drain));
  app.post('/drain', (request, reply) =>
    change({ request, reply }, 'drain', () => {
      drain.start();
      return undefined;
    }),
  );
  app.delete('/drain', (request, reply) =>
    change({ request, reply }, 'undrain', () =>
      drain.stop() ? undefined : { code: 409, error: 'the server is terminating', by: 'admin' },
    ),
  );
}

async function refusalOf(
  request: FastifyRequest,
  { authenticate, isAdminEnabled }: DrainRoutesDeps,
): Promise<Refusal | undefined> {
  if (!isAdminEnabled)
    return { code: 403, error: 'drain not enabled: api.security.enable_admin is false', by: 'anonymous' };
  const identity = await authenticate(request.headers.authorization);
  if (!identity.ok) return { code: 401, error: identity.reason, by: 'anonymous' };
  return identity.isAdmin
    ? undefined
    : { code: 403, error: 'the admin key is needed', by: identity.clientID };
}

function answer(reply: FastifyReply, refusal: Refusal | undefined, drain: Drain): FastifyReply {
  if (refusal !== undefined) return sendFlat(reply, refusal.code, { error: refusal.error });
  return sendJson(reply, { draining: drain.isDraining });
}
