/** `GET`, `POST` and `DELETE /drain`: with the admin key only, and reversible until the process ends. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Drain } from '../ops/drain.ts';
import { sendFlat, sendJson } from './reply.ts';

/** What the routes work with. */
export interface DrainRoutesDeps {
  readonly authenticate: Authenticate;
  readonly isAdminEnabled: boolean;
  readonly drain: Drain;
}

/** Adds the routes. */
export function drainRoutes(
  app: FastifyInstance,
  { authenticate, isAdminEnabled, drain }: DrainRoutesDeps,
): void {
  const guarded = async (
    request: FastifyRequest,
    reply: FastifyReply,
    act: () => FastifyReply,
  ): Promise<FastifyReply> => {
    if (!isAdminEnabled)
      return sendFlat(reply, 403, { error: 'drain not enabled: api.security.enable_admin is false' });
    const identity = await authenticate(request.headers.authorization);
    if (!identity.ok) return sendFlat(reply, 401, { error: identity.reason });
    return identity.isAdmin ? act() : sendFlat(reply, 403, { error: 'the admin key is needed' });
  };

  app.get('/drain', (request, reply) =>
    guarded(request, reply, () => sendJson(reply, { draining: drain.isDraining })),
  );
  app.post('/drain', (request, reply) =>
    guarded(request, reply, () => {
      drain.start();
      return sendJson(reply, { draining: true });
    }),
  );
  app.delete('/drain', (request, reply) =>
    guarded(request, reply, () =>
      drain.stop()
        ? sendJson(reply, { draining: false })
        : sendFlat(reply, 409, { error: 'the server is terminating' }),
    ),
  );
}
