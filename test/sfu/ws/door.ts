/** The plugin's WebSocket served without calls behind it, and plugins that connect to it. */
import { decodeMulti, encode } from '@msgpack/msgpack';
import fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { Authenticate } from '../../../sfu/auth/authenticate.ts';
import type { PluginEvent } from '../../../sfu/call/service.ts';
import type { ConnectionLimits } from '../../../sfu/ws/connection.ts';
import { createConnections, type Connections } from '../../../sfu/ws/connections.ts';
import { serveWebSocket } from '../../../sfu/ws/server.ts';
import { eventually } from '../../support/eventually.ts';

/** Who waits here is answered together with five others. */
const herd: (() => void)[] = [];

/**
 * Accepts the key `good` of any client; an empty client is the admin. The key `fault` makes it fail; the client
 * `herd` is answered in one turn for six that ask.
 */
const authenticate: Authenticate = async (header) => {
  const [user = '', password = ''] = Buffer.from(header?.slice(6) ?? '', 'base64')
    .toString()
    .split(':');
  if (password === 'fault') throw new Error('injected');
  if (user === 'herd')
    await new Promise<void>((resolve) => {
      herd.push(resolve);
      if (herd.length === 6) for (const answer of herd.splice(0)) answer();
    });
  return password === 'good'
    ? { ok: true, clientID: user, isAdmin: user === '' }
    : { ok: false, reason: 'authentication failed' };
};

/** Values as the plugin packs them. */
export const bytes = (...values: unknown[]): Uint8Array =>
  Buffer.concat(values.map((value) => encode(value)));
/** A join of that session. */
export const join = (sessionID: string): Uint8Array =>
  bytes('join', { callID: 'c1', userID: 'u1', sessionID });

/** A plugin that is connected. */
export interface Plugin {
  readonly socket: WebSocket;
  readonly received: unknown[][];
  readonly pings: () => number;
  readonly closeCode: () => number | undefined;
  readonly connID: () => string;
}

/** What is different from a usual one. */
export interface PluginOptions {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly autoPong?: boolean;
}

/** See the file comment. */
export interface Door {
  readonly app: FastifyInstance;
  readonly connections: Connections;
  /** What came in. */
  readonly events: readonly PluginEvent[];
  /** `client type direction` of each message, `client limited limit` of each limit that was met. */
  readonly counted: readonly string[];
  readonly logged: readonly Record<string, unknown>[];
  readonly port: () => number;
  /** Connects as a plugin does and keeps what it hears. */
  plugin(clientID: string, options?: PluginOptions): Promise<Plugin>;
  close(): Promise<void>;
}

/** Listens on a port of its own. */
export async function openDoor(limits: Partial<ConnectionLimits> = {}): Promise<Door> {
  const app = fastify({ forceCloseConnections: true });
  const connections = createConnections();
  const [events, counted, logged]: [PluginEvent[], string[], Record<string, unknown>[]] = [[], [], []];
  const plugins: Plugin[] = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  serveWebSocket(app, {
    authenticate,
    connections,
    limits,
    calls: {
      handle: (event) => {
        if (event.type === 'leave' && event.sessionID === 'fault') throw new Error('injected');
        events.push(event);
      },
    },
    metrics: {
      message: (clientID, type, direction) => counted.push(`${clientID} ${type} ${direction}`),
      limited: (clientID, limit) => counted.push(`${clientID} limited ${limit}`),
    },
    log: pino({ level: 'info' }, { write }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const port = (): number => (app.server.address() as { port: number }).port;
  return {
    ...{ app, connections, events, counted, logged, port },
    async plugin(clientID, options = {}) {
      const connected = await connectTo(port(), { clientID, ...options });
      plugins.push(connected);
      return connected;
    },
    async close() {
      for (const { socket } of plugins) socket.terminate();
      await app.close();
    },
  };
}

async function connectTo(
  port: number,
  options: PluginOptions & { readonly clientID: string },
): Promise<Plugin> {
  const { clientID, key = 'good', headers = {}, autoPong = true } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    headers: { authorization: `Basic ${Buffer.from(`${clientID}:${key}`).toString('base64')}`, ...headers },
    autoPong,
  });
  const received: unknown[][] = [];
  let pings = 0;
  let code: number | undefined;
  socket.on('message', (data) => received.push([...decodeMulti(data as Buffer)]));
  socket.on('ping', () => (pings += 1));
  socket.on('close', (closeCode) => (code = closeCode));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  await eventually(() => (received.length > 0 ? undefined : 'hello'));
  const connID = (): string => (received[0]?.[1] as { connID: string }).connID;
  return { socket, received, pings: () => pings, closeCode: () => code, connID };
}
