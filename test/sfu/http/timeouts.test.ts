import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { boundConnections } from '../../../sfu/http/listen.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestServer, type TestServer } from './server.ts';

let server: TestServer;
const sockets: Socket[] = [];
const timers: NodeJS.Timeout[] = [];
const logged: string[] = [];

beforeEach(async () => {
  server = await createTestServer({
    timeouts: { requestMs: 200, idleMs: 200, silenceMs: 400, checkMs: 20 },
  });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** Its own end stays open, as that of somebody who wants to hold the server up. */
function open(): { readonly socket: Socket; readonly isEnded: () => boolean; readonly text: () => string } {
  const { port } = server.app.server.address() as { port: number };
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let text = '';
  let isEnded = false;
  socket.on('data', (data) => (text += data.toString()));
  socket.on('end', () => (isEnded = true));
  socket.on('error', () => (isEnded = true));
  return { socket, isEnded: () => isEnded, text: () => text };
}

const connectionsLeft = (): Promise<number> =>
  new Promise((resolve) => server.app.server.getConnections((_error, count) => resolve(count)));

test.each([
  ['says nothing', ''],
  ['sends a header without end', 'GET /version HTTP/1.1\r\nHost: a\r\n'],
  ['announces a body that does not come', 'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{'],
])('who %s is let go, and nothing is kept of it', async (_name, bytes) => {
  const { socket, isEnded } = open();
  socket.write(bytes);
  await eventually(() => (isEnded() ? undefined : 'the end'));
  await eventually(async () => ((await connectionsLeft()) === 0 ? undefined : 'a socket is kept'));
});

test('who sends one byte at a time is let go all the same', async () => {
  const { socket, isEnded, text } = open();
  socket.write('GET /version HTTP/1.1\r\nX-Slow: ');
  timers.push(setInterval(() => socket.writable && socket.write('x'), 10));
  await eventually(() => (isEnded() ? undefined : 'the end'));
  expect(text()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  await eventually(async () => ((await connectionsLeft()) === 0 ? undefined : 'a socket is kept'));
});

test('connections beyond the limit are closed at once, and said', async () => {
  boundConnections(server.app, 1, pino({}, { write: (line: string) => void logged.push(line) }));
  const first = open();
  first.socket.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => (first.text().includes('buildVersion') ? undefined : 'the answer'));
  const second = open();
  second.socket.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => (second.isEnded() ? undefined : 'the end'));
  expect(second.text()).toBe('');
  expect(logged.join()).toContain('limit of 1 connections is reached (limits.connections)');
});

test('a connection is used again, and closed when it was idle for long enough', async () => {
  const { socket, isEnded, text } = open();
  socket.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => (text().includes('buildVersion') ? undefined : 'the answer'));
  socket.write('GET /system HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => (text().includes('cpu_load') ? undefined : 'the second answer'));
  await eventually(() => (isEnded() ? undefined : 'the end'));
});
