/** What no client of ours would send. */
import { connect as connectTcp } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { connectPlugin, type Plugin } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const plugins: Plugin[] = [];
afterEach(async () => {
  for (const { socket } of plugins.splice(0)) socket.terminate();
  await sfu.stop();
});

const bytes = (...values: unknown[]): Uint8Array => Buffer.concat(values.map((value) => encode(value)));

async function connect(clientID: string): Promise<Plugin> {
  const plugin = await connectPlugin(sfu.url, clientID);
  plugins.push(plugin);
  return plugin;
}

test('malformed HTTP, upgrades and frames end at most their own connection', async () => {
  sfu = await startSfu();
  const { join, send, received } = await connect('mm');
  const bad = await connect('other');
  const port = Number(new URL(sfu.url).port);
  const inputs = [
    'GARBAGE\r\n\r\n',
    'GET /version HTTP/9.9\r\n\r\n',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'POST /register HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n{',
    'GET //%zz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET /calls/%zz/sessions HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    '\u0000\u0001\u0002',
  ];
  await Promise.all(inputs.map((input) => poke(port, input)));
  for (const frame of [
    bytes('rtc', { session_id: 'x', type: 2, data: Buffer.from('{') }),
    bytes('join'),
    Buffer.alloc(3),
  ])
    bad.socket.send(frame);
  bad.socket.send(Buffer.alloc(2 * 1024 * 1024));
  await eventually(() => (bad.socket.readyState === WebSocket.CLOSED ? undefined : 'the close'));
  join('c1', 's1');
  for (const type of [2, 1]) send('rtc', { session_id: 's1', type, data: Buffer.from('no json') });
  send('leave', { sessionID: 's1' });
  await eventually(() => (received.length === 2 ? undefined : 'close'));
  expect((await fetch(`${sfu.url}/livez`)).status).toBe(200);
  expect(sfu.exitCode()).toBeNull();
});

test('a client that offers another protocol is answered in HTTP/1.1', async () => {
  sfu = await startSfu();
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  const answer = await poke(
    Number(new URL(sfu.url).port),
    `GET /version HTTP/1.1\r\nHost: a\r\n${offer}\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
});

/** Sends bytes and waits for an answer or the end of the connection, a second at most. */
function poke(port: number, input: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    const done = (answer: string): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('data', (data) => done(data.toString()))
      .on('error', ({ message }) => done(message))
      .on('close', () => done('closed'));
    socket.setTimeout(1_000, () => done('silence'));
    socket.write(input);
  });
}
