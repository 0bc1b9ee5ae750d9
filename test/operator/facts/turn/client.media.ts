/** Our TURN client before a real coturn. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { TurnClient } from '../../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../../operator/facts/turn/credential.ts';
import { tryAllocation } from '../../../../operator/facts/turn/tryAllocation.ts';
import type { ServerAddress } from '../../../../operator/facts/turn/transport.ts';
import { ensureCoturn } from '../../../setup/coturn.ts';
import { writeCertificate } from '../../../support/certificate.ts';
import {
  answers,
  type Coturn,
  coturnUser,
  removeFolders,
  startCoturn,
  type TurnFolders,
  turnFolders,
} from '../../../support/coturn.ts';
import { freePort } from '../../../support/ports.ts';

const host = '127.0.0.1';
let folders: TurnFolders;
let coturn: Coturn;
let port = 0;
let tlsPort = 0;
let ca = '';

beforeAll(async () => {
  const root = await ensureCoturn(() => undefined);
  folders = await turnFolders();
  const { cert, key } = writeCertificate(`${folders.etc}/tls`, { host: 'turn.test', addresses: [] });
  await chown(key, coturnUser, coturnUser);
  ca = readFileSync(cert, 'utf8');
  port = await freePort({ count: 12 });
  tlsPort = port + 1;
  const conf = [
    ...[
      `listening-ip=${host}`,
      `relay-ip=${host}`,
      `listening-port=${port}`,
      `tls-listening-port=${tlsPort}`,
    ],
    ...[`min-port=${port + 2}`, `max-port=${port + 11}`, 'realm=test', 'use-auth-secret', 'fingerprint'],
    ...['static-auth-secret=north', 'stale-nonce=1', `cert=${cert}`, `pkey=${key}`],
    // Peers on this machine, which is all that this test may speak to.
    ...['allow-loopback-peers', 'cli-password=none', 'log-file=stdout', 'simple-log'],
    ...[`pidfile=${folders.run}/turnserver.pid`, `userdb=${folders.run}/turndb`],
  ];
  coturn = await startCoturn({ root, folders, conf: `${conf.join('\n')}\n` });
  await answers(port);
}, 150_000);

afterAll(async () => {
  await coturn.stop();
  await removeFolders(folders);
});

const credential = restCredential('north', { user: 'alice', ttlSeconds: 60, nowMs: Date.now() });
const servers = () =>
  [
    { host, port, transport: 'udp' },
    { host, port, transport: 'tcp' },
    { host, port: tlsPort, transport: 'tls', serverName: 'turn.test', ca },
  ] as const;

const clients: TurnClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

async function opened(server: ServerAddress): Promise<TurnClient> {
  const client = await TurnClient.open({ server, credential });
  clients.push(client);
  return client;
}

describe.each([0, 1, 2])('over transport %i of udp, tcp, tls', (index) => {
  test('an allocation tells whether a secret is taken', async () => {
    const server = servers()[index]!;
    expect(await tryAllocation({ server, secret: 'north' })).toEqual({ ok: true });
    expect(await tryAllocation({ server, secret: 'south' })).toEqual({
      ok: false,
      reason: 'allocate: refused with 401',
      code: 401,
    });
  });

  test('two clients speak through their relays, by permission and by channel, also after the nonce is stale', async () => {
    const [alice, bob] = [await opened(servers()[index]!), await opened(servers()[index]!)];
    const [from, to] = [await alice.allocate(), await bob.allocate({ lifetimeSeconds: 900 })];
    expect(to.lifetimeSeconds).toBe(900);
    await alice.createPermission(host);
    await bob.channelBind(0x4000, from.relayed);
    const heard = new Promise<string>((resolve) => {
      bob.onData = (data, channel) => resolve(`${data.toString()} on ${JSON.stringify(channel)}`);
    });
    const answered = new Promise<string>((resolve) => {
      alice.onData = (data, peer) => resolve(`${data.toString()} from ${JSON.stringify(peer)}`);
    });
    alice.send(to.relayed, Buffer.from('hello'));
    expect(await heard).toBe('hello on 16384');
    bob.sendChannel(0x4000, Buffer.from('welcome'));
    expect(await answered).toBe(`welcome from ${JSON.stringify(to.relayed)}`);
    // Longer than `stale-nonce`: the first answer is 438, and the client learns the newer one.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await alice.refresh(900)).toBe(900);
    expect(await alice.refresh(0)).toBe(0);
  });
});

test('a port where nobody listens is told as what it is', async () => {
  const nobody = await freePort();
  const [udp, tcp] = await Promise.all(
    (['udp', 'tcp'] as const).map((transport) =>
      tryAllocation({ server: { host, port: nobody, transport }, secret: 'north', timeoutMs: 700 }),
    ),
  );
  expect(udp).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/ECONNREFUSED|no answer/) as unknown,
  });
  expect(tcp).toMatchObject({ ok: false, reason: expect.stringContaining('ECONNREFUSED') as unknown });
});

test('a certificate of somebody else is refused', async () => {
  const server = { ...servers()[2], serverName: 'other.test' };
  expect(await tryAllocation({ server, secret: 'north' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('does not match') as unknown,
  });
});
