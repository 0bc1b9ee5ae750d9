import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startHealthServer } from '../../../operator/ops/health.ts';
import type { SmallServer } from '../../../operator/ops/listen.ts';

let server: SmallServer;
let problem: string | undefined;

beforeEach(async () => {
  problem = undefined;
  server = await startHealthServer({
    ...{ host: '127.0.0.1', port: 0 },
    isAlive: () => undefined,
    isReady: () => problem,
    metrics: () =>
      problem === undefined ? Promise.resolve('up 1\n') : Promise.reject(new Error('no metrics')),
  });
});
afterEach(() => server.close());

async function get(path: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [response.status, (await response.text()).trim()];
}

test('all is well', async () => {
  expect(await get('/livez')).toEqual([200, 'ok']);
  expect(await get('/readyz?verbose')).toEqual([200, 'ok']);
  expect(await get('/metrics')).toEqual([200, 'up 1']);
});

test('what is not well is said, and only where it is asked', async () => {
  problem = 'waiting for the first list of Pods';
  expect(await get('/readyz')).toEqual([503, 'waiting for the first list of Pods']);
  expect(await get('/livez')).toEqual([200, 'ok']);
  expect(await get('/metrics')).toEqual([500, 'Error: no metrics']);
});

test('other paths lead to these', async () => {
  expect(await get('/')).toEqual([404, 'not found: try /livez, /readyz or /metrics']);
});

test('a port that is taken is said at the start', async () => {
  const taken = { port: server.port, host: '127.0.0.1', isAlive: () => undefined, isReady: () => undefined };
  await expect(startHealthServer({ ...taken, metrics: () => Promise.resolve('') })).rejects.toThrow(
    'EADDRINUSE',
  );
});
