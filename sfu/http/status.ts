/** What the server says about itself: `/system`, `/stats`, `/livez`, `/readyz`. */
import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import type { CallCounts } from '../call/service.ts';
import { sendFlat, sendJson, sendText } from './reply.ts';

/** A look at the server at this moment. */
export interface Status {
  /** For `/system`. Finite. */
  readonly cpuLoad: number;
  /** Share of the worker cores in use, 0 to 1, calls that have just come included. */
  readonly load: number;
  /** Worker cores there are, and the session limit; null = none. */
  readonly capacity: { readonly cores: number; readonly sessions: number | null };
  readonly counts: CallCounts;
  readonly isDraining: boolean;
  /** `address:port` as clients are told, first is the public one. */
  readonly addresses: readonly string[];
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
  readonly version: string;
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
    return sendJson(reply, statsOf(deps.status(), deps.version));
  });
}

function answerProbe(
  reply: Parameters<typeof sendText>[0],
  reason: string | undefined,
): ReturnType<typeof sendText> {
  return reason === undefined ? sendText(reply, 200, 'ok') : sendText(reply, 503, reason);
}

/** The body of `/stats`. */
function statsOf(status: Status, version: string): Record<string, unknown> {
  const { counts } = status;
  return {
    version,
    calls: counts.calls,
    sessions: counts.sessions,
    tracks: counts.tracks,
    load: status.load,
    capacity: status.capacity,
    draining: status.isDraining,
    addresses: status.addresses,
  };
}
