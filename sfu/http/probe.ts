/** `POST /probe`: calls a server over each of its media ports and tells what came of it. With the admin key only. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import { type ProbeRequest, probeRequestSchema } from '../probe/report.ts';
import type { ProbeOutcome, Prober } from '../probe/runner.ts';
import { audit } from './audit.ts';
import { sendFlat, sendJson } from './reply.ts';

/** What the route works with. */
export interface ProbeRouteDeps {
  readonly authenticate: Authenticate;
  /** Undefined when admin is not enabled: then nobody has the right. */
  readonly prober: Prober | undefined;
  readonly log: Logger;
}

/** Adds the route. A probe that was let in is no line of audit: there is one a minute. */
export function probeRoute(app: FastifyInstance, deps: ProbeRouteDeps): void {
  app.post('/probe', async (request, reply) => {
    const asked = await askedFor(request, deps);
    if (asked.ok) return answer(reply, await asked.prober(asked.request));
    audit(deps.log, request, { action: 'probe', by: asked.by, outcome: asked.error });
    return sendFlat(reply, asked.code, { error: asked.error });
  });
}

type Asked =
  | { readonly ok: true; readonly request: ProbeRequest; readonly prober: Prober }
  | { readonly ok: false; readonly code: number; readonly error: string; readonly by: string };

async function askedFor(request: FastifyRequest, { authenticate, prober }: ProbeRouteDeps): Promise<Asked> {
  const refuse = (code: number, error: string, by: string): Asked => ({ ok: false, code, error, by });
  if (prober === undefined)
    return refuse(403, 'probe not enabled: api.security.enable_admin is false', 'anonymous');
  const identity = await authenticate(request.headers.authorization);
  if (!identity.ok) return refuse(401, identity.reason, 'anonymous');
  if (!identity.isAdmin) return refuse(403, 'the admin key is needed', identity.clientID);
  const body = probeRequestSchema.safeParse(json(request.body));
  if (body.success) return { ok: true, request: body.data, prober };
  const [issue] = body.error.issues;
  return refuse(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, 'admin');
}

function answer(reply: FastifyReply, result: ProbeOutcome): FastifyReply {
  if (result.outcome === 'busy') return sendFlat(reply, 409, { error: 'another probe is under way' });
  if (result.outcome === 'unable') return sendFlat(reply, 501, { error: result.reason });
  return sendJson(reply, result.report);
}

/** Undefined when it is none. */
function json(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '');
  } catch {
    return undefined;
  }
}
