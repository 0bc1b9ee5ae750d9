/** What the server says about itself: `/system`, `/stats`, `/livez`, `/readyz`. */
import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import { sendFlat, sendJson, sendText } from './reply.ts';
import type { Stats } from './stats.ts';

/** A look at the server at this moment. */
export interface Status {
  /** For `/system`. Finite. */
  readonly cpuLoad: number;
  /** The body of `/stats`. */
  readonly stats: Stats;
  /** Why it is not alive; undefined when it is. */
  readonly deadReason: string | undefined;
  /** Why it is not ready; undefined when it is. */
  readonly waitingFor: string | undefined;
}

/** What the routes work with. */
export interface StatusRoutesDeps {
  readonly status: () => Status;
  readonly authenticate: Authenticate;
  readonly isAdminEnabled: boolean;
}

/** Adds the routes. `/stats` wants the admin key when there is one. */
export function statusRoutes(app: FastifyInstance, deps: StatusRoutesDeps): void {
  app.get('/system', (_request, reply) => sendJson(reply, { cpu_load: deps.status().cpuLoad }));
  app.get('/livez', (_request, reply) => answerProbe(reply, deps.status().deadReason));
  app.get('/readyz', (_request, reply) => {
    const { deadReason, waitingFor } = deps.status();
    return answerProbe(reply, deadReason ?? waitingFor);
  });
  app.get('/stats', async (request, reply) => {
    if (deps.isAdminEnabled) {
      const identity = await deps.authenticate(request.headers.authorization);
      if (!identity.ok) return sendFlat(reply, 401, { error: identity.reason });
      if (!identity.isAdmin) return sendFlat(reply, 403, { error: 'the admin key is needed' });
    }
    return sendJson(reply, deps.status().stats);
  });
}

function answerProbe(
  reply: Parameters<typeof sendText>[0],
  reason: string | undefined,
): ReturnType<typeof sendText> {
  return reason === undefined ? sendText(reply, 200, 'ok') : sendText(reply, 503, reason);
}
