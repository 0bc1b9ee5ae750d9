import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeMulti, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { parse as parseYaml } from 'yaml';
import { writeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';
import { spawnSfu, startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await sfu.stop();
});

const key = 'k'.repeat(32);
const admin = `Basic ${Buffer.from(':admin_secret_key').toString('base64')}`;
const bytes = (...values: unknown[]): Uint8Array => Buffer.concat(values.map((value) => encode(value)));
const join1 = bytes('join', { callID: 'c1', userID: 'u1', sessionID: 's1', channelID: 'ch1' });
const leave1 = bytes('leave', { sessionID: 's1' });

async function json(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  return (await (await fetch(sfu.url + path, init)).json()) as Record<string, unknown>;
}

const stats = (): Promise<Record<string, unknown>> => json('/stats', { headers: { authorization: admin } });

/** Registers itself and connects, as a plugin does on first contact. */
async function plugin(clientID = 'mm'): Promise<{ socket: WebSocket; received: unknown[][] }> {
  await json('/register', { method: 'POST', body: JSON.stringify({ clientID, authKey: key }) });
  const socket = new WebSocket(`${sfu.url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Basic ${Buffer.from(`${clientID}:${key}`).toString('base64')}` },
  });
  sockets.push(socket);
  const received: unknown[][] = [];
  socket.on('message', (data) => received.push([...decodeMulti(data as Buffer)]));
  socket.on('error', () => undefined);
  await eventually(() => (received.length > 0 ? undefined : 'hello'));
  return { socket, received };
}

describe('a plugin at the real server', () => {
  test('registers, connects, joins, is counted, leaves, and is told so', async () => {
    sfu = await startSfu();
    const { socket, received } = await plugin();
    expect(received[0]).toEqual(['hello', { clientID: 'mm', connID: expect.stringMatching(/^\w{26}$/) }]);
    socket.send(join1);
    await eventually(async () =>
      (await stats())['sessions'] === 1 ? undefined : JSON.stringify(await stats()),
    );
    expect(await stats()).toMatchObject({ calls: 1, draining: false });
    const basic = { authorization: `Basic ${Buffer.from(`mm:${key}`).toString('base64')}` };
    expect(await json('/calls/c1/sessions', { headers: basic })).toEqual([
      {
        GroupID: 'mm',
        CallID: 'c1',
        UserID: 'u1',
        SessionID: 's1',
        Props: { channelID: 'ch1', av1Support: null, dcSignaling: null },
      },
    ]);
    expect((await json('/system'))['cpu_load']).toBeGreaterThan(1);
    const text = await (await fetch(`${sfu.url}/metrics`)).text();
    expect(text).toContain('rtcd_rtc_sessions_total{groupID="mm"} 1');
    socket.send(leave1);
    await eventually(() => (received.length === 2 ? undefined : 'close'));
    expect(received[1]).toEqual(['close', { sessionID: 's1' }]);
    expect((await fetch(`${sfu.url}/calls/c1/sessions`, { headers: basic })).status).toBe(404);
  });

  test('is refused above the limit by an immediate close, which is logged and counted', async () => {
    sfu = await startSfu({ RTCD_RTC_MAXCALLPARTICIPANTS: '1' });
    const { socket, received } = await plugin();
    socket.send(join1);
    socket.send(bytes('join', { callID: 'c1', userID: 'u2', sessionID: 's2' }));
    await eventually(() => (received.length === 2 ? undefined : 'close'));
    expect(received[1]).toEqual(['close', { sessionID: 's2' }]);
    const text = await (await fetch(`${sfu.url}/metrics`)).text();
    expect(text).toContain('rtc_sfu_limited_total{client_id="mm",limit="sessions"} 1');
  });
});

test('a drain turns new calls away, keeps the pod ready, takes who comes all the same, and can be taken back', async () => {
  sfu = await startSfu();
  const { socket } = await plugin();
  const drain = (method: string): Promise<unknown> =>
    json('/drain', { method, headers: { authorization: admin } });
  expect(await drain('POST')).toEqual({ draining: true });
  expect(await json('/system')).toEqual({ cpu_load: 1e9 });
  expect((await fetch(`${sfu.url}/readyz`)).status).toBe(200);
  socket.send(join1);
  await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session of a new call'));
  expect(await stats()).toMatchObject({ draining: true });
  expect(await drain('DELETE')).toEqual({ draining: false });
  expect((await json('/system'))['cpu_load']).toBeLessThan(1e9);
  expect(await stats()).toMatchObject({ draining: false, sessions: 1 });
  expect(sfu.output()).toMatch(/Audit action=undrain by=admin outcome=done remoteAddress=127\.0\.0\.1/);
});

describe('the end', () => {
  test('SIGTERM waits for the last session, sends new calls elsewhere, then exits 0', async () => {
    sfu = await startSfu();
    const { socket } = await plugin();
    socket.send(join1);
    await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session'));
    sfu.child.kill('SIGTERM');
    await eventually(async () => ((await stats())['draining'] === true ? undefined : 'draining'));
    expect(await json('/system')).toEqual({ cpu_load: 1e9 });
    const ready = await fetch(`${sfu.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      'the server is terminating: it ends with its last session\n',
    ]);
    expect(sfu.exitCode()).toBeNull();
    socket.send(leave1);
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Stopped reason=empty/);
  });

  test('a second SIGTERM closes the sessions and exits 0', async () => {
    sfu = await startSfu();
    const { socket, received } = await plugin();
    socket.send(join1);
    await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session'));
    sfu.child.kill('SIGTERM');
    await eventually(async () => ((await stats())['draining'] === true ? undefined : 'draining'));
    sfu.child.kill('SIGTERM');
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
  });

  test('after the drain time-out the sessions are closed', async () => {
    sfu = await startSfu({}, { args: ['--drain-timeout', '1'] });
    const { socket, received } = await plugin();
    socket.send(join1);
    await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session'));
    sfu.child.kill('SIGTERM');
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Stopped reason=timeout/);
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
  });
});

test('malformed HTTP, upgrades and frames end at most their own connection', async () => {
  sfu = await startSfu();
  const { socket, received } = await plugin();
  const bad = await plugin('other');
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
  socket.send(join1);
  socket.send(bytes('rtc', { session_id: 's1', type: 2, data: Buffer.from('no json') }));
  socket.send(bytes('rtc', { session_id: 's1', type: 1, data: Buffer.from('no json') }));
  socket.send(leave1);
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
    const socket = connect(port, '127.0.0.1');
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

describe('starting', () => {
  test("the compose environment of the owner's guide serves on the guide's ports", async () => {
    const text = readFileSync(join(import.meta.dirname, 'config/guide/docker-compose.rtc.yml.txt'), 'utf8');
    const compose = parseYaml(text) as { services: { rtcd: { environment: string[] } } };
    const variables = compose.services.rtcd.environment.map((line) => line.split(/=(.*)/s).slice(0, 2));
    const hadStore = existsSync('/tmp/rtcd_db');
    sfu = spawnSfu(Object.fromEntries(variables) as Record<string, string>, { wrap: ownNetwork });
    await eventually(() => (sfu.output().includes('Serving') ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Serving api=0\.0\.0\.0:8443 addresses=\["127\.0\.0\.1:8045"\]/);
    if (!hadStore) rmSync('/tmp/rtcd_db', { recursive: true, force: true });
  });

  test("the command of the guide's unit file does the same from its config.toml", async () => {
    const guide = join(import.meta.dirname, 'config/guide');
    const unit = readFileSync(join(guide, 'rtcd.service.txt'), 'utf8');
    const [, ...args] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    sfu = spawnSfu(
      { RTCD_STORE_DATASOURCE: 'clients' },
      {
        args: args.map((arg) => arg.replace('/etc/rtcd/config.toml', join(guide, 'config.toml.txt'))),
        wrap: ownNetwork,
      },
    );
    await eventually(() => (sfu.output().includes('Serving') ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Serving api=0\.0\.0\.0:8443 addresses=\["127\.0\.0\.1:8045"\]/);
    sfu.child.kill('SIGTERM');
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
  });

  test.each([
    [
      'API',
      (port: number) => ({ RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}` }),
      'api.http.listen_address',
    ],
    ['media', (port: number) => ({ RTCD_RTC_ICEPORTTCP: String(port) }), 'tcp'],
  ])('an occupied %s port ends it with 1 and what to do', async (_name, envOf, key1) => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    sfu = spawnSfu({
      RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${await freePort()}`,
      RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
      RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
      RTCD_RTC_ICEPORTUDP: String(await freePort()),
      RTCD_RTC_ICEPORTTCP: String(await freePort()),
      RTCD_STORE_DATASOURCE: 'clients',
      RTCD_LOGGER_ENABLEFILE: 'false',
      ...envOf(port),
    });
    await eventually(() => (sfu.exitCode() === 1 ? undefined : sfu.output()));
    expect(sfu.output()).toContain(String(port));
    expect(sfu.output()).toContain(key1);
    expect(sfu.output()).toMatch(/in use/);
    other.close();
  });

  test.each([
    [{}, 0, 'The configuration is valid.'],
    [{ RTCD_RTC_ICEPORTUDP: 'x', RTCD_NOPE: '1' }, 1, 'The configuration has 2 problems.'],
  ])('--check-config with %j exits %d', async (env, code, verdict) => {
    sfu = spawnSfu(env, { args: ['--check-config'] });
    await eventually(() => (sfu.exitCode() === code ? undefined : sfu.output()));
    await eventually(() => (sfu.output().trimEnd().endsWith(verdict) ? undefined : sfu.output()));
  });

  test('with a certificate it serves HTTPS, and takes up a renewed one without a restart', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'rtc-tls-'));
    const { cert, key: pem } = writeCertificate(dir, { host: 'localhost', addresses: ['127.0.0.1'] });
    sfu = await startSfu({
      RTCD_API_HTTP_TLS_ENABLE: 'true',
      RTCD_API_HTTP_TLS_CERTFILE: cert,
      RTCD_API_HTTP_TLS_CERTKEY: pem,
    });
    const version = await new Promise<string>((resolve, reject) => {
      request(`${sfu.url}/version`, { ca: readFileSync(cert) }, (response) => {
        response.on('data', (data: Buffer) => resolve(data.toString()));
      })
        .on('error', reject)
        .end();
    });
    expect(version).toContain('"buildVersion":"v1.2.6');
    writeCertificate(dir, { host: 'renewed', addresses: ['127.0.0.1'] });
    await eventually(() =>
      sfu.output().includes('Loaded certificate subject="CN=renewed"') ? undefined : sfu.output(),
    );
    rmSync(dir, { recursive: true });
  });
});

/** A network namespace with nothing but loopback, so that the guide's ports are free. */
const ownNetwork = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
