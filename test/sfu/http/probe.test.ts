import { afterEach, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { ProbeRequest } from '../../../sfu/probe/report.ts';
import type { ProbeOutcome } from '../../../sfu/probe/runner.ts';
import { adminKey, basic, createTestServer, goodKey, type TestServer } from './server.ts';

let server: TestServer;
let asked: ProbeRequest[];
afterEach(() => server.close());

const body: ProbeRequest = { origin: 'http://10.0.0.1:8443', addresses: ['203.0.113.5'] };

async function start(outcome: ProbeOutcome, isAdminEnabled = true): Promise<void> {
  asked = [];
  const prober = (request: ProbeRequest): Promise<ProbeOutcome> => {
    asked.push(request);
    return Promise.resolve(outcome);
  };
  server = await createTestServer({ prober, isAdminEnabled });
}

const post = (headers: Record<string, string>, payload: object = body): Promise<LightMyRequestResponse> =>
  server.app.inject({ method: 'POST', url: '/probe', headers, payload: JSON.stringify(payload) });

const report = { ok: true, message: '2 paths work', paths: [] };

test('an admin is told what came of the probe (a played prober)', async () => {
  await start({ outcome: 'done', report });
  const response = await post(basic('', adminKey));
  expect(response.json()).toEqual(report);
  expect(asked).toEqual([body]);
});

test.each<[string, Record<string, string>, number]>([
  ['nobody', {}, 401],
  ['a stranger', basic('a', 'wrong'), 401],
])('%s probes nothing, and the try is audited', async (_, headers, code) => {
  await start({ outcome: 'done', report });
  expect((await post(headers)).statusCode).toBe(code);
  expect(asked).toEqual([]);
  expect(server.logged).toContainEqual(expect.objectContaining({ action: 'probe', by: 'anonymous' }));
});

test('a client probes nothing', async () => {
  await start({ outcome: 'done', report });
  const client = JSON.stringify({ clientID: 'a', authKey: goodKey });
  await server.app.inject({
    method: 'POST',
    url: '/register',
    headers: basic('', adminKey),
    payload: client,
  });
  expect((await post(basic('a', goodKey))).statusCode).toBe(403);
  expect(asked).toEqual([]);
});

test('without an admin there are no probes', async () => {
  await start({ outcome: 'done', report }, false);
  expect((await post({})).statusCode).toBe(403);
});

test('what is wrong with a request is named', async () => {
  await start({ outcome: 'done', report });
  const response = await post(basic('', adminKey), { ...body, addresses: ['calls.example.com'] });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ error: 'addresses.0: no IP address' });
});

test.each<[ProbeOutcome, number]>([
  [{ outcome: 'busy' }, 409],
  [{ outcome: 'unable', reason: 'no library' }, 501],
])('%j is no result', async (outcome, code) => {
  await start(outcome);
  expect((await post(basic('', adminKey))).statusCode).toBe(code);
});
