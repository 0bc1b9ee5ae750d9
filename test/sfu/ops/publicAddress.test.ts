import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';

import { stunServers } from '../../../sfu/config/stunServer.ts';
import { createAddressSource } from '../../../sfu/ops/addressSource.ts';
import { discoverPublicAddresses } from '../../../sfu/ops/publicAddress.ts';
import { eventually } from '../../support/eventually.ts';
import { defaults } from '../config/defaults.ts';
import { type StunResponder, startStunResponder } from './stunResponder.ts';

const { rtc } = defaults;

const lines: Record<string, unknown>[] = [];
const log = pino(
  {},
  { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);
const responders: StunResponder[] = [];

afterEach(() => {
  lines.length = 0;
  for (const responder of responders.splice(0)) responder.close();
});

async function responder(deafTo = 0): Promise<StunResponder> {
  const started = await startStunResponder('203.0.113.9', deafTo);
  responders.push(started);
  return started;
}

function discover(port: number, timeoutMs: number): Promise<ReadonlyMap<string, string>> {
  const server = { url: `stun:127.0.0.1:${port}`, host: '127.0.0.1', port };
  return discoverPublicAddresses({ server, locals: ['127.0.0.1', '127.0.0.2'], log, timeoutMs });
}

test('each local address gets the public one that the server sees', async () => {
  const { port } = await responder();
  expect([...(await discover(port, 5_000))]).toEqual([
    ['127.0.0.1', '203.0.113.9'],
    ['127.0.0.2', '203.0.113.9'],
  ]);
});

test('a lost request is repeated', async () => {
  const { port, asked } = await responder(2);
  expect((await discover(port, 5_000)).size).toBe(2);
  expect(asked()).toBeGreaterThanOrEqual(4);
});

test('a server that is silent, and one that is not there, leave the local address, and the log says what to do', async () => {
  const silent = await responder(1_000);
  const { port } = silent;
  expect((await discover(port, 100)).size).toBe(0);
  expect(lines[0]).toMatchObject({
    local: '127.0.0.1',
    reason:
      'no answer within 0.1 s; clients are told the local address: set rtc.ice_host_override if they cannot reach it',
  });
  responders.length = 0;
  silent.close();
  expect((await discover(port, 5_000)).size).toBe(0);
  expect(lines.at(-1)?.['reason']).toMatch(/ECONNREFUSED/);
});

test('a server that this machine will not send to is told as what it is', async () => {
  // A broadcast address: connecting to it is not permitted.
  const server = { url: 'stun:127.255.255.255:3478', host: '127.255.255.255', port: 3478 };
  expect((await discoverPublicAddresses({ server, locals: ['127.0.0.1'], log })).size).toBe(0);
  expect(lines.at(-1)?.['reason']).toMatch(/^connect EACCES/);
});

test('what is found is told to clients, with the port override', async () => {
  const { port } = await responder();
  const source = await createAddressSource({
    rtc: { ...rtc, iceServers: [server(`stun:127.0.0.1:${port}`)], iceHostPortOverride: '443' },
    bound: ['127.0.0.1'],
    log,
  });
  expect(source.known()).toEqual({
    ok: true,
    rules: { kind: 'map', pairs: [{ external: '203.0.113.9', internal: '127.0.0.1' }], port: 443 },
  });
});

test.each([
  ['the first stun: URL', ['turn:a:1', 'stun:b:2', 'stun:c:3'], 'b 2'],
  ['the usual port', ['stun:b'], 'b 3478'],
  ['IPv6', ['stun:[2001:db8::1]:5'], '2001:db8::1 5'],
  ['TLS is not spoken', ['stuns:b:2'], undefined],
  ['nobody', [], undefined],
])('who is asked: %s', (_name, urls, expected) => {
  const [found] = stunServers({ ...rtc, iceServers: urls.map(server) });
  expect(found && `${found.host} ${found.port}`).toBe(expected);
});

test('nobody is asked where the owner says what clients are told', () => {
  expect(stunServers({ ...rtc, iceServers: [server('stun:b:2')], iceHostOverride: '1.2.3.4' })).toEqual([]);
});

test('beside an address file all are asked in turn, again and again, and what they see is only told', async () => {
  const silent = await startStunResponder('203.0.113.8');
  const { port, asked } = await responder();
  const urls = [silent.port, port].map((one) => `stun:127.0.0.1:${one}`);
  silent.close(); // Nobody listens there any more, which is told at once.
  const source = await createAddressSource({
    rtc: { ...rtc, iceServers: urls.map(server), addressFile: '/nowhere' },
    bound: ['127.0.0.1'],
    log,
    stunIntervalMs: 10,
  });
  await eventually(() => (asked() > 1 && source.seen() ? undefined : `asked ${asked()} times`));
  expect([source.known().ok, [...(source.seen() ?? [])]]).toEqual([false, [['127.0.0.1', '203.0.113.9']]]);
  source.close();
});

function server(url: string): (typeof rtc.iceServers)[number] {
  return { urls: [url], username: '', credential: '' };
}
