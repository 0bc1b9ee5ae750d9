import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAgentServer } from '../../../operator/agent/server.ts';
import type { SmallServer } from '../../../operator/ops/listen.ts';
import type { Agent } from '../../../operator/agent/agent.ts';

/** An agent whose coturn has no exporter: who is let through is told so, others are refused. */
const agent = { exporterPort: undefined } as unknown as Agent;
let server: SmallServer;

beforeAll(async () => {
  server = await startAgentServer(agent, {
    ...{ etc: '/nowhere', run: '/nowhere', addresses: ['127.0.0.1'], port: 0, periodMs: 1_000 },
    ...{ adminKey: 'admin', metricsKey: 'metrics' },
  });
});
afterAll(() => server.close());

const basic = (password: string): string => `Basic ${Buffer.from(`any:${password}`).toString('base64')}`;

test.each([
  ['the metrics key as a bearer token, as Prometheus sends it', 'Bearer metrics', 503],
  ['the admin key as a bearer token', 'bearer admin', 503],
  ['the metrics key as the password of Basic authentication', basic('metrics'), 503],
  ['another token', 'Bearer other', 401],
  ['an empty token', 'Bearer ', 401],
  ['nothing', undefined, 401],
])('metrics are asked for with %s', async (_, authorization, status) => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  expect(answer.status).toBe(status);
});

test('the metrics key opens nothing else, however it comes', async () => {
  for (const authorization of ['Bearer metrics', basic('metrics')]) {
    const answer = await fetch(`http://127.0.0.1:${server.port}/drain`, { headers: { authorization } });
    expect(answer.status).toBe(401);
  }
});
