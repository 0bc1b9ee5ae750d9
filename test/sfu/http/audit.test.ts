import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { adminKey, basic, createTestServer, goodKey, type TestServer } from './server.ts';

let server: TestServer;
beforeEach(async () => (server = await createTestServer()));
afterEach(() => server.close());

const audits = (): unknown[] => server.logged.filter(({ msg }) => msg === 'Audit');

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<void> {
  await server.app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
}

test('each try to register, log in or unregister says who, what, from where, and what came of it', async () => {
  const admin = { ...basic('', adminKey), 'x-forwarded-for': '192.0.2.7' };
  await post('/register', { clientID: 'a', authKey: goodKey }, admin);
  await post('/register', { clientID: 'b', authKey: goodKey });
  await post('/login', { clientID: 'a', authKey: 'wrong' });
  await post('/unregister', { clientID: 'b' }, basic('a', goodKey));
  await post('/unregister', { clientID: 'a' }, basic('a', goodKey));
  const from = { remoteAddress: '127.0.0.1' };
  expect(audits()).toMatchObject([
    { action: 'register', by: 'admin', clientID: 'a', outcome: 'done', forwardedFor: '192.0.2.7', ...from },
    { action: 'register', by: 'anonymous', outcome: 'authentication failed: invalid auth header', ...from },
    { action: 'login', by: 'anonymous', clientID: 'a', outcome: 'login failed: authentication failed' },
    { action: 'unregister', by: 'a', clientID: 'b', outcome: 'client id not valid', ...from },
    { action: 'unregister', by: 'a', clientID: 'a', outcome: 'done', ...from },
  ]);
  expect(JSON.stringify(server.logged)).not.toContain(goodKey);
});

test('a drain and its end are audited, also when they are refused', async () => {
  await post('/drain', {}, basic('', adminKey));
  await post('/drain', {}, basic('a', 'wrong'));
  await server.app.inject({ method: 'DELETE', url: '/drain', headers: basic('', adminKey) });
  await server.app.inject({ method: 'GET', url: '/drain', headers: basic('', adminKey) });
  expect(audits()).toMatchObject([
    { action: 'drain', by: 'admin', outcome: 'done' },
    { action: 'drain', by: 'anonymous', outcome: 'authentication failed' },
    { action: 'undrain', by: 'admin', outcome: 'done' },
  ]);
});

test('names that somebody sends are cut', async () => {
  await post('/login', { clientID: 'x'.repeat(5_000), authKey: goodKey });
  expect(JSON.stringify(audits()).length).toBeLessThan(500);
});
