import { afterEach, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import semver from 'semver';
import type { SessionConfig } from '../../../sfu/call/service.ts';
import { statsSchema } from '../../../sfu/http/stats.ts';
import { adminKey, basic, createTestServer, goodKey, type TestServer } from './server.ts';

let server: TestServer;
afterEach(() => server.close());

const get = (url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  server.app.inject({ method: 'GET', url, headers });

describe('/version', () => {
  test('is a semver that the plugin and its clients accept, in the names they read', async () => {
    server = await createTestServer();
    const response = await get('/version');
    const body = response.json<Record<string, string>>();
    expect(Object.keys(body)).toEqual([
      'buildDate',
      'buildVersion',
      'buildHash',
      'goVersion',
      'goOS',
      'goArch',
    ]);
    expect(semver.gte(body['buildVersion'] ?? '', '1.2.6')).toBe(true);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.body.endsWith('\n')).toBe(true);
  });
});

describe('/calls', () => {
  const session: SessionConfig = {
    groupID: 'a',
    callID: 'c1',
    userID: 'u1',
    sessionID: 's1',
    props: { channelID: 'ch1', av1Support: null, dcSignaling: false },
  };
  const written = {
    GroupID: 'a',
    CallID: 'c1',
    UserID: 'u1',
    SessionID: 's1',
    Props: { channelID: 'ch1', av1Support: null, dcSignaling: false },
  };
  const start = async (): Promise<void> => {
    server = await createTestServer({ sessions: { 'a/c1': [session] } });
    await server.app.inject({
      method: 'POST',
      url: '/register',
      headers: basic('', adminKey),
      payload: JSON.stringify({ clientID: 'a', authKey: goodKey }),
    });
  };

  test('sessions are written with the names of Go', async () => {
    await start();
    const list = await get('/calls/c1/sessions', basic('a', goodKey));
    expect([list.statusCode, list.json()]).toEqual([200, [written]]);
    const single = await get('/calls/c1/sessions/s1', basic('a', goodKey));
    expect([single.statusCode, single.json()]).toEqual([200, written]);
  });

  test.each([
    ['/calls/c2/sessions', 404, 'failed to get session configs: group not found\n'],
    ['/calls/c1/sessions/s2', 404, 'failed to get session config: session not found\n'],
    ['/calls/c2/sessions/s1', 404, 'failed to get session config: group not found\n'],
  ])('%s → %d: the plugin takes the call for ended', async (url, code, body) => {
    await start();
    const response = await get(url, basic('a', goodKey));
    expect([response.statusCode, response.body]).toEqual([code, body]);
  });

  test('without a client of its own nobody sees any, the admin neither', async () => {
    await start();
    for (const headers of [{}, basic('', adminKey), basic('a', 'bad')]) {
      const response = await get('/calls/c1/sessions', headers);
      expect([response.statusCode, response.body]).toEqual([401, 'unauthorized\n']);
    }
  });
});

describe('/stats', () => {
  test('is open where there is no admin, and is what its schema says', async () => {
    server = await createTestServer({ isAdminEnabled: false });
    expect(statsSchema.parse((await get('/stats')).json())).toMatchObject({ version: '0.1.0', sessions: 0 });
  });

  test('wants the admin key where there is one', async () => {
    server = await createTestServer();
    expect((await get('/stats')).statusCode).toBe(401);
    expect((await get('/stats', basic('x', adminKey))).statusCode).toBe(200);
  });
});

describe('probes', () => {
  test('say ok', async () => {
    server = await createTestServer();
    expect([(await get('/livez')).body, (await get('/readyz')).body]).toEqual(['ok\n', 'ok\n']);
  });

  test('without an address the server lives and is not ready, with the reason', async () => {
    server = await createTestServer({ status: { waitingFor: 'waiting for an address in /x' } });
    expect((await get('/livez')).statusCode).toBe(200);
    const ready = await get('/readyz');
    expect([ready.statusCode, ready.body]).toEqual([503, 'waiting for an address in /x\n']);
  });

  test('a dead worker fails both', async () => {
    server = await createTestServer({ status: { deadReason: 'worker died' } });
    expect((await get('/livez')).body).toBe('worker died\n');
    expect((await get('/readyz')).statusCode).toBe(503);
  });
});

describe('/drain', () => {
  const drain = async (
    method: 'GET' | 'POST' | 'DELETE',
    headers = basic('', adminKey),
  ): Promise<unknown[]> => {
    const response = await server.app.inject({ method, url: '/drain', headers });
    return [response.statusCode, response.body];
  };

  test('is switched on and off by the admin', async () => {
    server = await createTestServer();
    expect(await drain('POST')).toEqual([200, '{"draining":true}\n']);
    expect(await drain('GET')).toEqual([200, '{"draining":true}\n']);
    expect(server.drain.isDraining).toBe(true);
    expect(await drain('DELETE')).toEqual([200, '{"draining":false}\n']);
    expect(server.drain.isDraining).toBe(false);
  });

  test('is final once the process ends', async () => {
    server = await createTestServer();
    server.drain.terminate();
    expect((await drain('DELETE'))[0]).toBe(409);
    expect(server.drain.state).toBe('terminating');
  });

  test('is nobody else’s to switch', async () => {
    server = await createTestServer();
    expect((await drain('POST', basic('a', 'b')))[0]).toBe(401);
    expect(server.drain.isDraining).toBe(false);
  });

  test('is closed where there is no admin', async () => {
    server = await createTestServer({ isAdminEnabled: false });
    expect((await drain('POST'))[0]).toBe(403);
  });
});
