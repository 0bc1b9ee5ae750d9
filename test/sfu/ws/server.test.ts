import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

const bytes = (...values: unknown[]): Uint8Array => Buffer.concat(values.map((value) => encode(value)));
const join = (sessionID: string): Uint8Array => bytes('join', { callID: 'c1', userID: 'u1', sessionID });

let app: FastifyInstance;
let connections: Connections;
let events: PluginEvent[];
let counted: string[];
let logged: Record<string, unknown>[];
const open: WebSocket[] = [];

async function serve(limits: Partial<ConnectionLimits> = {}): Promise<void> {
  app = fastify({ forceCloseConnections: true });
  connections = createConnections();
  events = [];
  counted = [];
  logged = [];
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
}

const port = (): number => (app.server.address() as { port: number }).port;

interface Plugin {
  readonly socket: WebSocket;
  readonly received: unknown[][];
  readonly pings: () => number;
  readonly closeCode: () => number | undefined;
  readonly connID: () => string;
}

interface PluginOptions {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly autoPong?: boolean;
}

/** Connects as a plugin does and keeps what it hears. */
async function plugin(clientID: string, options: PluginOptions = {}): Promise<Plugin> {
  const { key = 'good', headers = {}, autoPong = true } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${port()}/ws`, {
    headers: { authorization: `Basic ${Buffer.from(`${clientID}:${key}`).toString('base64')}`, ...headers },
    autoPong,
  });
  open.push(socket);
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

beforeEach(() => serve());
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await app.close();
});

describe('connecting', () => {
  test('hello comes first, with a connection id of 26 characters and strings only', async () => {
    const { received } = await plugin('a');
    expect(received).toEqual([
      ['hello', { clientID: 'a', connID: expect.stringMatching(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/) }],
    ]);
  });

  test('a wrong key is answered 401', async () => {
    await expect(plugin('a', { key: 'bad' })).rejects.toThrow('401');
  });

  test('a fault while the key is checked is answered 500, logged, and nobody else notices', async () => {
    await expect(plugin('a', { key: 'fault' })).rejects.toThrow('500');
    expect(logged.map(({ msg }) => msg)).toContain('Failed to answer an upgrade');
    await plugin('a');
  });

  test('a foreign origin is answered 403, our own is taken', async () => {
    await expect(plugin('a', { headers: { origin: 'http://evil' } })).rejects.toThrow('403');
    await plugin('a', { headers: { origin: `http://127.0.0.1:${port()}` } });
  });

  test.each([
    ['GET', { authorization: `Basic ${Buffer.from('a:good').toString('base64')}` }, 400, 'Bad Request\n'],
    ['GET', {}, 401, 'authentication failed\n'],
  ] as const)('%s without an upgrade is answered as text', async (...[method, headers, code, body]) => {
    const response = await app.inject({ method, url: '/ws', headers });
    expect([response.statusCode, response.body]).toEqual([code, body]);
  });

  test('an upgrade elsewhere is answered 404', async () => {
    const socket = connect(port(), '127.0.0.1');
    socket.write('GET //nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    await eventually(() => (text.startsWith('HTTP/1.1 404 Not Found') ? undefined : text));
    socket.destroy();
  });
});

describe('messages', () => {
  test('reach the calls in order, with the authenticated client as their group', async () => {
    const { socket, connID } = await plugin('a');
    socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: 's1', groupID: 'forged' }));
    socket.send(bytes('rtc', { session_id: 's1', type: 3, group_id: 'forged' }));
    socket.send(bytes('leave', { sessionID: 's1' }));
    await eventually(() => (events.length === 3 ? undefined : `${events.length} events`));
    expect(events.map(({ type, groupID, connID: id }) => [type, groupID, id])).toEqual([
      ['join', 'a', connID()],
      ['rtc', 'a', connID()],
      ['leave', 'a', connID()],
    ]);
    expect(events[0]).toMatchObject({
      session: {
        groupID: 'a',
        sessionID: 's1',
        props: { channelID: null, av1Support: null, dcSignaling: null },
      },
    });
    expect(counted).toEqual(['a hello out', 'a join in', 'a rtc in', 'a leave in']);
  });

  test('that cannot be read are logged with the reason, and the connection stays', async () => {
    const { socket } = await plugin('a');
    socket.send(Buffer.from([0xc1]));
    socket.send(bytes('dance', {}));
    socket.send('text');
    socket.send(join('s1'));
    await eventually(() => (events.length === 1 ? undefined : 'the join'));
    expect(logged.filter(({ msg }) => msg === 'Ignored message').map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not msgpack/),
      'unknown message type "dance"',
      'a text frame',
    ]);
  });

  test('that fail inside the server are logged, and the connection stays', async () => {
    const { socket } = await plugin('a');
    socket.send(bytes('leave', { sessionID: 'fault' }));
    socket.send(join('s1'));
    await eventually(() => (events.length === 1 ? undefined : 'the join'));
    expect(logged.map(({ msg }) => msg)).toContain('Failed to handle message');
  });

  test('of an admin are refused: it has no calls', async () => {
    const { socket } = await plugin('');
    socket.send(join('s1'));
    await eventually(() =>
      logged.some(({ reason }) => reason === 'an admin has no calls') ? undefined : 'the log line',
    );
    expect(events).toEqual([]);
  });

  test('above 1 MiB close the connection with 1009; others go on', async () => {
    const big = await plugin('a');
    const other = await plugin('a');
    big.socket.send(Buffer.alloc(1024 * 1024 + 1));
    await eventually(() => (big.closeCode() === 1009 ? undefined : `close code ${String(big.closeCode())}`));
    other.socket.send(join('s1'));
    await eventually(() => (events.length === 1 ? undefined : 'the join'));
    expect(connections.countByClient()).toEqual(new Map([['a', 1]]));
  });
});

describe('sending', () => {
  const close = { type: 'close', sessionID: 's1' } as const;

  test('goes to the wanted connection, else to another one of the same client, never to another client', async () => {
    const first = await plugin('a');
    const second = await plugin('a');
    const stranger = await plugin('b');
    expect(connections.send({ groupID: 'a', connID: first.connID() }, close)).toBe(true);
    await eventually(() => (first.received.length === 2 ? undefined : 'close at the first'));
    const goneID = first.connID();
    first.socket.terminate();
    await eventually(() =>
      connections.countByClient().get('a') === 1 ? undefined : 'the first is still known',
    );
    expect(connections.send({ groupID: 'a', connID: goneID }, close)).toBe(true);
    await eventually(() => (second.received.length === 2 ? undefined : 'close at the second'));
    expect(stranger.received).toHaveLength(1);
    expect(connections.send({ groupID: 'nobody', connID: 'x' }, close)).toBe(false);
  });

  test('what was sent before the server closes still arrives', async () => {
    const { received, closeCode, connID } = await plugin('a');
    connections.send({ groupID: 'a', connID: connID() }, close);
    await connections.closeAll();
    await eventually(() => (closeCode() === undefined ? 'the close' : undefined));
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
    expect(closeCode()).toBe(1001);
  });

  test('a plugin that comes back while the server ends is closed too, so that it can end', async () => {
    await plugin('a');
    await connections.closeAll();
    const { closeCode } = await plugin('a');
    await app.close();
    await eventually(() => (closeCode() === 1001 ? undefined : `the close is ${closeCode()}`));
  });
});

describe('limits of one client', () => {
  test('one connection too many is answered 429 with the reason; another client still comes in', async () => {
    await app.close();
    await serve({ connectionsPerClient: 2 });
    const [first] = await Promise.all([plugin('a'), plugin('a')]);
    await expect(plugin('a')).rejects.toThrow('429');
    await plugin('b');
    expect(logged.map(({ reason }) => reason)).toContain(
      'limit of 2 connections of a client is reached (limits.connections_per_client)',
    );
    expect(counted).toContain('a limited connections');
    first.socket.terminate();
    await eventually(() => (connections.count('a') === 1 ? undefined : 'the first is still known'));
    await plugin('a');
  });

  test('many that knock at the same time do not get beyond it', async () => {
    await app.close();
    await serve({ connectionsPerClient: 2 });
    const opened = await Promise.allSettled(Array.from({ length: 6 }, () => plugin('herd')));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(connections.count('herd')).toBe(2);
  });

  test('who is read slowly is not taken for one who does not pong', async () => {
    await app.close();
    await serve({ messagesPerSecond: 20, pingIntervalMs: 50, pongTimeoutMs: 1_000, mostPauseMs: 100 });
    const fast = await plugin('a');
    const channelID = 'c'.repeat(100_000); // So that pongs wait behind them: seconds of reading.
    for (let index = 0; index < 25; index += 1)
      fast.socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: `s${index}`, channelID }));
    await eventually(() => (events.length === 25 ? undefined : `${events.length} messages`), {
      timeoutMs: 15_000,
    });
    expect(fast.closeCode()).toBeUndefined();
    expect(logged.map(({ msg }) => msg)).not.toContain('Dropped plugin connection');
  });

  test('who sends faster than allowed is read more slowly: nothing is lost, nobody else waits', async () => {
    await app.close();
    await serve({ messagesPerSecond: 200 });
    const fast = await plugin('a');
    const other = await plugin('b');
    const channelID = 'c'.repeat(1_000); // So that they do not arrive in one piece.
    for (let index = 0; index < 700; index += 1)
      fast.socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: `s${index}`, channelID }));
    await eventually(() => (events.length >= 400 ? undefined : `${events.length} messages`), {
      intervalMs: 1,
    });
    other.socket.send(join('other'));
    await eventually(() => (events.some(({ groupID }) => groupID === 'b') ? undefined : 'the other'), {
      intervalMs: 1,
    });
    expect(events.length).toBeLessThan(701);
    await eventually(() => (events.length === 701 ? undefined : `${events.length} messages`));
    const ids = events.flatMap((event) =>
      event.type === 'join' && event.groupID === 'a' ? [event.session.sessionID] : [],
    );
    expect(ids).toEqual(Array.from({ length: 700 }, (_, index) => `s${index}`));
    expect(counted).toContain('a limited messages');
    expect(logged.filter(({ msg }) => msg === 'Slowed plugin down')).toHaveLength(1);
  });
});

describe('keep-alive', () => {
  test('a plugin that pongs stays, one that only sends data is dropped', async () => {
    await app.close();
    await serve({ pingIntervalMs: 30, pongTimeoutMs: 300 });
    const good = await plugin('a');
    const mute = await plugin('a', { autoPong: false });
    const chatter = setInterval(() => mute.socket.send(join('s1')), 20);
    await eventually(() => (mute.closeCode() === undefined ? 'the drop' : undefined));
    clearInterval(chatter);
    expect(good.pings()).toBeGreaterThan(3);
    expect(good.closeCode()).toBeUndefined();
    expect(logged.map(({ reason }) => reason)).toContain('no pong for 0.3 s');
  });

  test('a reader that is too slow is dropped, the others are not disturbed', async () => {
    await app.close();
    await serve({ maxBufferedBytes: 64 * 1024 });
    const slow = await plugin('a');
    const good = await plugin('b');
    slow.socket.pause();
    const data = new Uint8Array(512 * 1024);
    const message = { groupID: 'a', userID: '', callID: '', sessionID: 's', type: 2, data };
    await eventually(
      () => {
        const taken = connections.send({ groupID: 'a', connID: slow.connID() }, { type: 'rtc', message });
        return taken ? 'the buffer is not full yet' : undefined;
      },
      { intervalMs: 1 },
    );
    expect(logged.some(({ reason }) => String(reason).endsWith('bytes wait for a slow reader'))).toBe(true);
    expect(connections.send({ groupID: 'b', connID: good.connID() }, { type: 'close', sessionID: 's' })).toBe(
      true,
    );
    await eventually(() => (good.received.length === 2 ? undefined : 'close at the good one'));
    await eventually(() =>
      connections.countByClient().has('a') ? 'the slow one is still known' : undefined,
    );
  });
});
