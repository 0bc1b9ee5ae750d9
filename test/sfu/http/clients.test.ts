import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { adminKey, basic, createTestServer, goodKey, type TestServer } from './server.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'HEAD';

function ask(
  server: TestServer,
  route: string,
  options: { body?: string; headers?: Record<string, string>; method?: Method } = {},
): Promise<LightMyRequestResponse> {
  return server.app.inject({
    method: options.method ?? 'POST',
    url: route,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
    ...(options.body === undefined ? {} : { payload: options.body }),
  });
}

const client = (clientID: string, authKey: string): string => JSON.stringify({ clientID, authKey });
const flat = (code: number, error: string): string => `${JSON.stringify({ code: String(code), error })}\n`;

/** Bodies and codes were read off the reference server, release 1.2.6, one request at a time. */
describe('answers are those of the reference server', () => {
  let server: TestServer;
  beforeAll(async () => (server = await createTestServer()));
  afterAll(() => server.close());
  const admin = basic('', adminKey);

  test.each<[string, string | undefined, Record<string, string>, [number, string]]>([
    ['/register', undefined, {}, [401, 'authentication failed: invalid auth header']],
    ['/register', undefined, admin, [400, 'EOF']],
    [
      '/register',
      '{"clientID":1}',
      admin,
      [400, 'json: cannot unmarshal number into Go value of type string'],
    ],
    ['/register', '[]', admin, [400, 'json: cannot unmarshal array into Go value of type map[string]string']],
    ['/register', 'x', admin, [400, "invalid character 'x' looking for beginning of value"]],
    ['/register', '{"clientID":"a"', admin, [400, 'unexpected EOF']],
    ['/register', client('a', 'short'), admin, [400, 'registration failed: key not long enough']],
    ['/register', 'null', admin, [400, 'registration failed: key not long enough']],
    ['/register', client('', goodKey), admin, [400, 'registration failed: error: empty key']],
    [
      '/register',
      client('a', goodKey.repeat(3)),
      admin,
      [400, 'registration failed: bcrypt: password length exceeds 72 bytes'],
    ],
    ['/register', '{}', basic('', 'wrong'), [401, 'authentication failed: unauthorized']],
    ['/register', '{}', basic('a', 'wrong'), [401, 'authentication failed']],
    ['/register', '{}', { authorization: 'Bearer x' }, [401, 'authentication failed: token is invalid']],
    ['/register', '{}', { authorization: 'bearer x' }, [401, 'authentication failed: invalid auth header']],
    ['/register', '{}', { authorization: 'Basic %%%' }, [401, 'authentication failed: invalid auth header']],
    ['/login', client('zz', 'wrong'), {}, [400, 'login failed: authentication failed: error: not found']],
    ['/login', '{}', {}, [400, 'login failed: authentication failed: error: empty key']],
    ['/login', undefined, {}, [400, 'EOF']],
    ['/unregister', '{}', {}, [401, 'authentication failed: invalid auth header']],
    ['/unregister', '{}', admin, [400, 'client id should not be empty']],
    ['/unregister', '{"clientID":"b"}', admin, [400, 'unregister failed: error: not found']],
  ])('POST %s %j → %j', async (...[route, body, headers, [code, error]]) => {
    const response = await ask(server, route, { ...(body === undefined ? {} : { body }), headers });
    expect([response.statusCode, response.body]).toEqual([code, flat(code, error)]);
    expect(response.headers['content-type']).toBe('application/json');
  });

  test.each<[Method, string]>([
    ['GET', '/register'],
    ['GET', '/login'],
    ['PUT', '/unregister'],
    ['POST', '/version'],
    ['HEAD', '/version'],
    ['PUT', '/system'],
    ['GET', '/nope'],
    ['GET', '/debug/pprof/heap'],
    ['GET', '/debug/pprof/'],
    ['GET', '/version/'],
    ['POST', '/calls/c1/sessions'],
    ['GET', '/calls/c1'],
    ['GET', '/calls/c1/sessions/'],
  ])('%s %s → 404 in plain text, never 405', async (method, route) => {
    const response = await ask(server, route, { method, headers: basic('a', goodKey) });
    expect(response.statusCode).toBe(404);
    expect(response.body).toBe(method === 'HEAD' ? '' : '404 page not found\n');
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  test('a client is registered, known, refused twice, logged in, and gone', async () => {
    const registered = await ask(server, '/register', { body: client('a', goodKey), headers: admin });
    expect([registered.statusCode, registered.body]).toEqual([201, '{"clientID":"a","code":"201"}\n']);
    const again = await ask(server, '/register', { body: client('a', goodKey), headers: admin });
    expect(again.body).toBe(flat(400, 'registration failed: already registered'));
    const wrong = await ask(server, '/login', { body: client('a', 'wrong') });
    expect(wrong.body).toBe(flat(400, 'login failed: authentication failed'));

    const login = await ask(server, '/login', { body: client('a', goodKey) });
    const { bearerToken, code } = login.json<{ bearerToken: string; code: string }>();
    expect([code, bearerToken.length]).toEqual(['200', 32]);
    const bearer = { authorization: `Bearer ${bearerToken}` };

    const foreign = await ask(server, '/unregister', { body: client('b', ''), headers: bearer });
    expect([foreign.statusCode, foreign.body]).toEqual([403, flat(403, 'client id not valid')]);
    const gone = await ask(server, '/unregister', { body: client('a', ''), headers: bearer });
    expect([gone.statusCode, gone.body]).toEqual([200, '{"code":"200"}\n']);
    const after = await ask(server, '/unregister', { body: client('a', ''), headers: bearer });
    expect(after.body).toBe(flat(401, 'authentication failed: token is invalid'));
    const key = await ask(server, '/unregister', { body: client('a', ''), headers: basic('a', goodKey) });
    expect(key.body).toBe(flat(401, 'authentication failed'));
  });
});

describe('what the configuration changes', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('self registration needs no credentials, and only the hash is kept', async () => {
    server = await createTestServer({ isAdminEnabled: false, isSelfRegistrationAllowed: true });
    const response = await ask(server, '/register', { body: client('a', goodKey) });
    expect(response.statusCode).toBe(201);
    const files = readdirSync(server.dir);
    expect(files).toHaveLength(1);
    expect(readFileSync(join(server.dir, files[0] ?? ''), 'utf8')).not.toContain(goodKey);
  });

  test('so many clients and no more', async () => {
    server = await createTestServer({ isSelfRegistrationAllowed: true, mostClients: 1 });
    await ask(server, '/register', { body: client('a', goodKey) });
    const more = await ask(server, '/register', { body: client('b', goodKey) });
    expect(more.body).toBe(
      flat(400, 'registration failed: limit of 1 clients is reached (limits.registered_clients)'),
    );
  });

  test('any registered client may register another one', async () => {
    server = await createTestServer();
    await ask(server, '/register', { body: client('a', goodKey), headers: basic('', adminKey) });
    const response = await ask(server, '/register', {
      body: client('b', goodKey),
      headers: basic('a', goodKey),
    });
    expect(response.statusCode).toBe(201);
  });

  test('without admin and self registration nobody is unregistered', async () => {
    server = await createTestServer({ isAdminEnabled: false });
    const response = await ask(server, '/unregister', { body: '{}' });
    expect([response.statusCode, response.body]).toEqual([403, flat(403, 'unregister not enabled')]);
  });

  test('with admin disabled its key opens nothing', async () => {
    server = await createTestServer({ isAdminEnabled: false });
    const response = await ask(server, '/register', { body: '{}', headers: basic('', adminKey) });
    expect(response.body).toBe(flat(401, 'authentication failed: unauthorized'));
  });

  test('a token ends with its lifetime and with the next login', async () => {
    let nowMs = 0;
    server = await createTestServer({ nowMs: () => nowMs });
    await ask(server, '/register', { body: client('a', goodKey), headers: basic('', adminKey) });
    const login = async (): Promise<Record<string, string>> => {
      const response = await ask(server, '/login', { body: client('a', goodKey) });
      return { authorization: `Bearer ${response.json<{ bearerToken: string }>().bearerToken}` };
    };
    const first = await login();
    const second = await login();
    const errorWith = async (headers: Record<string, string>): Promise<string> =>
      (await ask(server, '/unregister', { body: '{}', headers })).json<{ error: string }>().error;
    expect(await errorWith(first)).toBe('authentication failed: token is invalid');
    expect(await errorWith(second)).toBe('client id should not be empty');
    nowMs = 60_001;
    expect(await errorWith(second)).toBe('authentication failed: session is expired');
    expect(await errorWith(second)).toBe('authentication failed: token is invalid');
  });

  test('a body above 64 KiB is refused', async () => {
    server = await createTestServer({ isSelfRegistrationAllowed: true });
    const response = await ask(server, '/register', { body: 'x'.repeat(65_537) });
    expect(response.statusCode).toBe(413);
  });
});
