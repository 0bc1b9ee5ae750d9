/** `/calls/{callID}/sessions[/{sessionID}]`: how a plugin learns at its start whether a call is still alive (wire spec 1.5). */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import type { CallService, SessionConfig } from '../call/service.ts';
import { sendJson, sendNotFound, sendText } from './reply.ts';

/** What the routes work with. */
export interface CallRoutesDeps {
  readonly authenticate: Authenticate;
  readonly calls: CallService;
}

/** Adds the routes. An admin has no calls of its own: 401, as rtcd. */
export function callRoutes(app: FastifyInstance, { authenticate, calls }: CallRoutesDeps): void {
  app.get<{ Params: { callID: string } }>('/calls/:callID/sessions', async (request, reply) => {
    const identity = await authenticate(request.headers.authorization);
    if (!identity.ok || identity.clientID === '') return sendText(reply, 401, 'unauthorized');
    if (request.params.callID === '') return sendText(reply, 400, 'callID is required');
    const found = calls.sessionsOf(identity.clientID, request.params.callID);
    if (typeof found === 'string') return sendText(reply, 404, `failed to get session configs: ${found}`);
    if (found.length === 0) return sendText(reply, 404, 'failed to get session configs: no sessions found');
    return sendJson(reply, found.map(goNames));
  });

  app.get<{ Params: { callID: string; sessionID: string } }>(
    '/calls/:callID/sessions/:sessionID',
    async (request, reply) => {
      const { callID, sessionID } = request.params;
      if (sessionID === '') return sendNotFound(reply);
      const identity = await authenticate(request.headers.authorization);
      if (!identity.ok || identity.clientID === '') return sendText(reply, 401, 'unauthorized');
      if (callID === '') return sendText(reply, 400, 'callID is required');
      return sendSession(reply, calls.sessionsOf(identity.clientID, callID), sessionID);
    },
  );
}

function sendSession(
  reply: FastifyReply,
  found: ReturnType<CallService['sessionsOf']>,
  sessionID: string,
): FastifyReply {
  if (typeof found === 'string') return sendText(reply, 404, `failed to get session config: ${found}`);
  const session = found.find((one) => one.sessionID === sessionID);
  if (session === undefined) return sendText(reply, 404, 'failed to get session config: session not found');
  return sendJson(reply, goNames(session));
}

/** rtcd writes Go's field names. */
function goNames(session: SessionConfig): Record<string, unknown> {
  const { channelID, av1Support, dcSignaling } = session.props;
  return {
    GroupID: session.groupID,
    CallID: session.callID,
    UserID: session.userID,
    SessionID: session.sessionID,
    Props: { channelID, av1Support, dcSignaling },
  };
}
