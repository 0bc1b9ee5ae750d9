/** `deploy/nginx/rtc.conf` in Debian's nginx, between a plugin and the real server. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { encodeFrame } from '../../demo/page/server/frames.ts';
import type { Peer } from '../sfu/call/peer.ts';
import { type SfuProcess, startSfu } from '../sfu/process.ts';
import { type CertificateFiles, writeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { enter, hears, leave, unmute } from './conversation.ts';
import { type Nginx, type Site, startNginx } from './nginx.ts';
import { connectPlugin, type PluginSocket } from './pluginSocket.ts';

/** Stands for the public address: like the API's 127.0.0.1 it has the same port for itself. */
const publicAddress = '127.0.0.2';
const host = 'prochat.progressnet.gr';
const dir = mkdtempSync(join(tmpdir(), 'rtc-nginx-test-'));
const client = { clientID: 'mm', authKey: 'k'.repeat(32) };
/** Longer than the ten seconds between two pings of the server. */
const readTimeoutS = 11;

let certificate: CertificateFiles;
let sfu: SfuProcess;
let nginx: Nginx;
let site: Site;
let port: number;
const sockets: PluginSocket[] = [];
const peers: Peer[] = [];

beforeAll(async () => {
  certificate = writeCertificate(dir, { host, addresses: [publicAddress] });
  sfu = await startSfu();
  port = Number(new URL(sfu.url).port);
  const listen = `${publicAddress}:${port}`;
  site = { api: `127.0.0.1:${port}`, listen, ...certificate, readTimeoutS };
  nginx = await startNginx(site);
}, 120_000);

afterEach(async () => {
  // The connections first: a peer that is closing can make nothing of another offer.
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const peer of peers.splice(0)) peer.close();
  await eventually(async () => {
    const { sessions } = JSON.parse(await fromTheHost('/stats')) as { sessions: number };
    return sessions === 0 ? undefined : `the end of ${sessions} sessions`;
  });
});

afterAll(async () => {
  await nginx.stop();
  await sfu.stop();
  cleanup();
  rmSync(dir, { recursive: true });
});

async function plugin(): Promise<PluginSocket> {
  await ask('/register', { method: 'POST' }, { clientID: client.clientID, authKey: client.authKey });
  const ca = readFileSync(certificate.cert);
  const socket = await connectPlugin(`wss://${publicAddress}:${port}`, { ...client, ca, servername: host });
  sockets.push(socket);
  return socket;
}

async function twoPeople(calls: PluginSocket): Promise<[Peer, Peer]> {
  const both: [Peer, Peer] = [await enter(calls.join('call', 'ann')), await enter(calls.join('call', 'ben'))];
  peers.push(...both);
  return both;
}

function ask(
  path: string,
  options: RequestOptions = {},
  body?: object,
): Promise<{ status: number; text: string }> {
  const ca = readFileSync(certificate.cert);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: publicAddress, port, path, ca, servername: host, ...options },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const basic = { authorization: `Basic ${Buffer.from(`mm:${client.authKey}`).toString('base64')}` };

/** What nobody but the operators of the host may ask; past nginx. */
async function fromTheHost(path: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(':admin_secret_key').toString('base64')}`;
  return await (await fetch(sfu.url + path, { headers: { authorization } })).text();
}

test('nginx and the API have the same port, each on its own address', async () => {
  expect(JSON.parse((await ask('/version')).text)).toMatchObject({
    buildVersion: expect.stringMatching(/^v1\.2/),
  });
  expect(JSON.parse((await ask('/system')).text)).toMatchObject({ cpu_load: expect.any(Number) });
});

test('nginx on every address cannot have that port, which is why the file names one', async () => {
  const second = await startNginx({ ...site, listen: String(port) }, { isExpectedToFail: true });
  await eventually(() => (second.exitCode() === 1 ? undefined : second.output()));
  expect(second.output()).toMatch(/bind\(\) to 0\.0\.0\.0:\d+ failed .*Address already in use/);
  await second.stop();
});

test('a plugin registers and connects; a wrong key is refused with 401', async () => {
  const { received } = await plugin();
  expect(received[0]).toMatchObject({ type: 'hello', clientID: 'mm' });
  const ca = readFileSync(certificate.cert);
  const wrong = { ...client, authKey: 'x'.repeat(32), ca, servername: host };
  await expect(connectPlugin(`wss://${publicAddress}:${port}`, wrong)).rejects.toThrow(/401/);
});

test('two people hear each other: signalling through nginx, media past it', async () => {
  const [ann, ben] = await twoPeople(await plugin());
  await unmute(ann);
  await hears(ben, ann);
  await leave(ann);
});

test('a message of a megabyte arrives whole, a larger one ends its connection with 1009 as without nginx', async () => {
  const { socket } = await plugin();
  const message = (bytes: number): Uint8Array =>
    encodeFrame({ type: 'rtc', sessionID: 'nobody', rtcType: 1, data: randomBytes(bytes) });
  const arrived = async (): Promise<number> =>
    Number(
      /^rtcd_ws_messages_total\{clientID="mm",type="rtc",direction="in"\} (\d+)$/m.exec(
        await fromTheHost('/metrics'),
      )?.[1] ?? 0,
    );
  const before = await arrived();
  socket.send(message(2 ** 20 - 200));
  await eventually(async () => ((await arrived()) === before + 1 ? undefined : 'the message'));
  expect(socket.readyState).toBe(socket.OPEN);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.send(message(2 ** 20));
  expect(await closed).toBe(1009);
});

test('an answer larger than the buffers of nginx arrives whole', async () => {
  const calls = await plugin();
  const sessions = Array.from({ length: 300 }, (_, index) => calls.join('large', `session-${index}`));
  await eventually(async () => {
    const { status, text } = await ask('/calls/large/sessions', { headers: basic });
    const count = status === 200 ? (JSON.parse(text) as unknown[]).length : 0;
    return count === sessions.length ? undefined : `${count} of ${sessions.length} sessions`;
  });
  for (const session of sessions) session.leave();
  await eventually(() => (sessions.every(({ received }) => received.length === 1) ? undefined : 'closes'));
});

test('an idle connection outlives the read time-out of nginx, because the server pings', async () => {
  const calls = await plugin();
  const startedMs = performance.now();
  await eventually(() => (performance.now() - startedMs > (readTimeoutS + 3) * 1000 ? undefined : 'time'), {
    timeoutMs: 60_000,
  });
  expect(calls.pings()).toBeGreaterThanOrEqual(1);
  const session = calls.join('call', 'still-here');
  session.leave();
  await eventually(() => (session.received.length === 1 ? undefined : 'the close of a session'));
}, 70_000);

test('a reload after the certificate was renewed leaves the plugin its connection', async () => {
  const calls = await plugin();
  writeCertificate(dir, { host, addresses: [publicAddress] });
  const serial = await servedSerial();
  nginx.reload();
  await eventually(async () => ((await servedSerial()) === serial ? 'the new certificate' : undefined));
  const session = calls.join('call', 'after-reload');
  session.leave();
  await eventually(() => (session.received.length === 1 ? undefined : 'the close of a session'));
});

test('a call outlives a restart of nginx: media flows on, and a new connection takes over its signalling', async () => {
  const before = await plugin();
  const [ann, ben] = await twoPeople(before);
  await unmute(ann);
  await hears(ben, ann);
  await nginx.stop();
  const { socket } = before;
  await eventually(() => (socket.readyState === socket.CLOSED ? undefined : 'the end of the connection'));
  await hears(ben, ann);
  nginx = await startNginx(site);
  const after = await plugin();
  for (const peer of [ann, ben]) after.adopt(peer.plugin);
  await unmute(ben);
  await hears(ann, ben);
});

test.each(['/metrics', '/stats', '/drain'])('%s is for the host itself only', async (path) => {
  const headers = { authorization: `Basic ${Buffer.from(':admin_secret_key').toString('base64')}` };
  expect((await ask(path, { headers })).status).toBe(200);
  expect((await ask(path, { headers, localAddress: '127.0.0.3' })).status).toBe(403);
});

/** Of the certificate that a new connection is shown. */
function servedSerial(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls(
      { host: publicAddress, port, servername: host, rejectUnauthorized: false },
      () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}
