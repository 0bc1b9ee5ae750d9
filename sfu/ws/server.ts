/** `/ws`: from an HTTP request to a plugin connection whose messages reach the calls. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../auth/authenticate.ts';
import { newID } from '../auth/ids.ts';
import type { Limit } from '../call/limits.ts';
import type { CallService, PluginEvent } from '../call/service.ts';
import { createBoundedLog, type BoundedLog } from '../ops/boundedLog.ts';
import type { ClientMessage } from '../protocol/clientMessage.ts';
import { createConnection, defaultLimits, type ConnectionLimits } from './connection.ts';
import type { Connections } from './connections.ts';
import { createPaces, type Paces } from './pace.ts';
import { upgradeProblem } from './upgrade.ts';

/** Counts messages and nothing else; implemented by `ops/metrics.ts`. */
export interface WsMetrics {
  message(clientID: string, type: string, direction: 'in' | 'out'): void;
  /** A client had too many connections, or was slowed down. */
  limited(clientID: string, limit: Limit): void;
}

/** What the WebSocket API works with. */
export interface WsDeps {
  readonly authenticate: Authenticate;
  readonly calls: Pick<CallService, 'handle'>;
  /** Takes what is about the call of a probe; false when it is not. Default: there are no probes. */
  readonly guests?: { handle(event: PluginEvent): boolean };
  readonly connections: Connections;
  readonly metrics: WsMetrics;
  readonly log: Logger;
  readonly limits?: Partial<ConnectionLimits>;
}

/** As rtcd: a larger message closes the connection with 1009. */
const maxMessageBytes = 1024 * 1024;

/** Serves `/ws` on the app's port: upgrades, and answers to requests that are none. */
export function serveWebSocket(app: FastifyInstance, deps: WsDeps): void {
  const limits = { ...defaultLimits, ...deps.limits };
  const door: Door = {
    ...deps,
    limits,
    paces: createPaces(limits.messagesPerSecond),
    lines: createBoundedLog(),
  };
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    allowSynchronousEvents: false, // Fifty joins that come in one packet are fifty turns of the event loop.
    handleProtocols: () => false, // As rtcd: none is chosen, whatever is asked for.
  });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    judge(request, door)
      .then((judged) => {
        const verdict = admit(judged, door); // In one turn with what follows: others may be on their way.
        if (!verdict.ok) refuse(socket, verdict.code, verdict.text);
        else server.handleUpgrade(request, socket, head, (ws) => accept(ws, verdict.clientID, door));
      })
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'Failed to answer an upgrade');
        refuse(socket, 500, 'internal error');
      });
  });
  app.all('/ws', async (request, reply) => {
    const identity = await deps.authenticate(request.headers.authorization);
    const refusal = identity.ok ? { code: 400, text: 'Bad Request' } : { code: 401, text: identity.reason };
    return reply
      .code(refusal.code)
      .headers({ 'sec-websocket-version': '13', 'x-content-type-options': 'nosniff' })
      .type('text/plain; charset=utf-8')
      .send(`${refusal.text}\n`);
  });
}

/** The API with what it knows about its clients. */
interface Door extends WsDeps {
  readonly limits: ConnectionLimits;
  readonly paces: Paces;
  readonly lines: BoundedLog;
}

type Verdict =
  | { readonly ok: true; readonly clientID: string }
  | { readonly ok: false; readonly code: number; readonly text: string };

async function judge(request: IncomingMessage, { authenticate, log, lines }: Door): Promise<Verdict> {
  if (request.url?.split('?')[0] !== '/ws') return { ok: false, code: 404, text: '404 page not found' };
  const identity = await authenticate(request.headers.authorization);
  if (!identity.ok) {
    const { remoteAddress } = request.socket;
    lines.say(`${identity.reason} ${remoteAddress ?? ''}`, (more) =>
      log.warn({ reason: identity.reason, remoteAddress, ...more }, 'Refused plugin connection'),
    );
    return { ok: false, code: 401, text: identity.reason };
  }
  const problem = upgradeProblem(request.method ?? '', request.headers);
  return problem === undefined ? { ok: true, clientID: identity.clientID } : { ok: false, ...problem };
}

/** The last look before the connection is one: many may have been judged at the same time. */
function admit(verdict: Verdict, { connections, limits, metrics, log, lines }: Door): Verdict {
  const { connectionsPerClient: most } = limits;
  if (!verdict.ok || most === 0 || connections.count(verdict.clientID) < most) return verdict;
  const { clientID } = verdict;
  const text = `limit of ${most} connections of a client is reached (limits.connections_per_client)`;
  metrics.limited(clientID, 'connections');
  lines.say(`${clientID} connections`, (more) =>
    log.warn({ clientID, reason: text, ...more }, 'Refused plugin connection'),
  );
  return { ok: false, code: 429, text };
}

function accept(socket: Parameters<typeof createConnection>[0], clientID: string, deps: Door): void {
  const connID = newID();
  const log = deps.log.child({ clientID, connID });
  const connection = createConnection(socket, {
    connID,
    clientID,
    log,
    limits: deps.limits,
    pace: deps.paces.of(clientID),
    onSlowed: () => {
      deps.metrics.limited(clientID, 'messages');
      const reason = `more than ${deps.limits.messagesPerSecond} messages a second (limits.messages_per_second)`;
      deps.lines.say(`${clientID} messages`, (more) => log.warn({ reason, ...more }, 'Slowed plugin down'));
    },
    onMessage: (message) => {
      deps.metrics.message(clientID, message.type, 'in');
      const event = eventOf(message, clientID, connID);
      handOver(event, clientID === '' ? guestsOnly(deps, log) : deps.calls, log);
    },
    onSent: (type) => deps.metrics.message(clientID, type, 'out'),
    onClose: () => {
      deps.connections.remove(connection);
      if (deps.connections.count(clientID) === 0) deps.paces.forget(clientID);
      log.info('Closed plugin connection');
    },
  });
  deps.connections.add(connection);
  log.info('Opened plugin connection');
}

/** An admin may probe, and nothing else. */
function guestsOnly({ guests }: WsDeps, log: Logger): WsDeps['calls'] {
  return {
    handle: (event) => {
      if (guests?.handle(event) !== true) log.error({ reason: 'an admin has no calls' }, 'Ignored message');
    },
  };
}

/** A fault of ours costs this message, not the process with everybody's calls. */
function handOver(event: PluginEvent, calls: WsDeps['calls'], log: Logger): void {
  try {
    calls.handle(event);
  } catch (error) {
    log.error({ type: event.type, err: error }, 'Failed to handle message');
  }
}

/** The group is the authenticated client, whatever the message claims (wire spec 2.4). */
function eventOf(message: ClientMessage, groupID: string, connID: string): PluginEvent {
  if (message.type !== 'join') return { ...message, groupID, connID };
  const { callID, userID, sessionID, channelID, av1Support, dcSignaling } = message;
  const props = { channelID, av1Support, dcSignaling };
  return { type: 'join', groupID, connID, session: { groupID, callID, userID, sessionID, props } };
}

function refuse(socket: Duplex, code: number, text: string): void {
  const status: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    429: 'Too Many Requests',
    500: 'Internal Server Error',
  };
  socket.end(
    [
      `HTTP/1.1 ${code} ${status[code] ?? 'Error'}`,
      'Content-Type: text/plain; charset=utf-8',
      'Sec-Websocket-Version: 13',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(text) + 1}`,
      '',
      `${text}\n`,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}
