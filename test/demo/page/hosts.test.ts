/** The hosts against scripted servers, which can refuse, lose and ignore: what a real SFU does only on its worst days. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';

import type { Answer } from '../../../demo/page/server/hostSet.ts';
import { Hosts } from '../../../demo/page/server/hosts.ts';
import { eventually } from '../../support/eventually.ts';

interface ScriptedHost {
  readonly server: Server;
  readonly sockets: WebSocketServer;
  readonly registered: Set<string>;
  version: string;
  load: number | undefined;
  letsIn: boolean;
}

const address = '127.0.0.1';
let host: ScriptedHost;
let hosts: Hosts;
let answer: Answer;
let lines: string[];

function startHost(): ScriptedHost {
  const registered = new Set<string>();
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    const { version, load } = scripted;
    if (request.url === '/version') return void response.end(JSON.stringify({ buildVersion: version }));
    if (request.url === '/system') return void response.end(JSON.stringify({ cpu_load: load }));
    request.on('data', (body: Buffer) => registered.add(body.toString()));
    request.on('end', () => response.writeHead(201).end('{"code":"201"}'));
  });
  server.on('upgrade', (request, socket, head) => {
    if (scripted.letsIn && registered.size > 0)
      sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted));
    else socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  });
  const scripted: ScriptedHost = { server, sockets, registered, version: 'v1.2.6', load: 1, letsIn: true };
  return scripted;
}

beforeEach(async () => {
  host = startHost();
  await new Promise<void>((resolve) => host.server.listen(0, address, resolve));
  answer = { ok: true, addresses: [address] };
  lines = [];
  hosts = new Hosts({
    discover: () => Promise.resolve(answer),
    identity: {
      clientID: 'mattermost',
      authKey: 'k'.repeat(32),
      apiPort: (host.server.address() as AddressInfo).port,
    },
    onFrame: () => undefined,
    log: (line) => lines.push(line),
    random: () => 0.001,
    resolveEveryMs: 20,
  });
});

afterEach(async () => {
  await hosts.close();
  host.sockets.clients.forEach((socket) => socket.terminate());
  host.server.closeAllConnections();
  await new Promise((resolve) => host.server.close(resolve));
});

const cut = (): void => host.sockets.clients.forEach((socket) => socket.terminate());
const says = (line: string): string | undefined =>
  lines.includes(line) ? undefined : `${line} not in ${lines.join(' | ')}`;

describe('activation', () => {
  test('registers where the credentials are refused, then connects', async () => {
    await hosts.start();
    expect([...host.registered]).toEqual([
      JSON.stringify({ clientID: 'mattermost', authKey: 'k'.repeat(32) }),
    ]);
    expect(hosts.list()).toEqual([{ address, isFlagged: false, isConnected: true }]);
  });

  test('fails when a host is too old', async () => {
    host.version = 'v0.16.0';
    await expect(hosts.start()).rejects.toThrow('version v0.16.0 is older than 0.17.0');
    expect(hosts.list()).toEqual([]);
  });

  test('fails when no address is known', async () => {
    answer = { ok: true, addresses: [] };
    await expect(hosts.start()).rejects.toThrow('no SFU host has an address yet');
  });
});

describe('a host that leaves DNS', () => {
  test('gets no new calls, keeps its connection, and is forgotten when it goes', async () => {
    await hosts.start();
    answer = { ok: true, addresses: ['127.0.0.9'] };
    await eventually(() => says(`flagged ${address}: it left the answer`));
    expect(await hosts.choose()).toMatchObject({
      ok: false,
      reason: 'no host is both published and connected',
    });
    expect(hosts.send(address, { type: 'leave', sessionID: 's' })).toBe(true);
    cut();
    await eventually(() => says(`forgot ${address}: it is flagged`));
    expect(hosts.send(address, { type: 'leave', sessionID: 's' })).toBe(false);
  });

  test('gets calls again when it comes back', async () => {
    await hosts.start();
    answer = { ok: true, addresses: ['127.0.0.9'] };
    await eventually(() => says(`flagged ${address}: it left the answer`));
    answer = { ok: true, addresses: [address] };
    await eventually(() => says(`unflagged ${address}: it is back in the answer`));
    expect(await hosts.choose()).toMatchObject({ ok: true, address });
  });
});

describe('a lost connection', () => {
  test('is made again', async () => {
    await hosts.start();
    cut();
    await eventually(() => says(`connected ${address} again`));
    expect(hosts.list()).toEqual([{ address, isFlagged: false, isConnected: true }]);
  });

  test('that cannot be made again is given up after eight attempts', async () => {
    await hosts.start();
    host.letsIn = false;
    cut();
    await eventually(() => says(`forgot ${address}: 8 attempts failed`));
  });
});
