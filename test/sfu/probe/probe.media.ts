import { afterEach, expect, test } from '@jest/globals';
import type { ProbeReport } from '../../../sfu/probe/report.ts';
import { createProbeClient } from '../../../operator/facts/probeClient.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';
import { type SfuProcess, startSfu } from '../process.ts';

const servers: SfuProcess[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((sfu) => sfu.stop()));
});

const admin = { authorization: `Basic ${Buffer.from(':admin_secret_key').toString('base64')}` };

async function start(env: Record<string, string> = {}): Promise<SfuProcess> {
  const sfu = await startSfu(env);
  servers.push(sfu);
  return sfu;
}

async function probe(by: SfuProcess, body: object): Promise<ProbeReport> {
  const request = { method: 'POST', headers: admin, body: JSON.stringify(body) };
  return (await (await fetch(`${by.url}/probe`, request)).json()) as ProbeReport;
}

async function stats(sfu: SfuProcess): Promise<Record<string, unknown>> {
  return (await (await fetch(`${sfu.url}/stats`, { headers: admin })).json()) as Record<string, unknown>;
}

/** Asks again and again what the server counts, until the end; the most that it counted. */
function watchCounts(sfu: SfuProcess): () => Promise<number> {
  const state = { isOver: false, most: 0 };
  const watching = (async () => {
    while (!state.isOver) {
      const { sessions, calls, workers } = await stats(sfu);
      const onWorkers = (workers as { sessions: number }[]).map((worker) => worker.sessions);
      state.most = Math.max(state.most, Number(sessions), Number(calls), ...onWorkers);
    }
  })();
  return async () => {
    state.isOver = true;
    await watching;
    return state.most;
  };
}

test('a server calls itself over every port of two workers, counts none of it, and can end right after', async () => {
  const sfu = await start({ RTCD_RTC_WORKERS: '2' });
  const most = watchCounts(sfu);
  const report = await probe(sfu, { origin: sfu.url, addresses: ['127.0.0.1'] });
  expect(report).toMatchObject({ ok: true, message: '4 paths work' });
  expect(report.paths.map(({ protocol, worker, ok }) => `${protocol} ${worker} ${String(ok)}`)).toEqual([
    'udp 0 true',
    'udp 1 true',
    'tcp 0 true',
    'tcp 1 true',
  ]);
  expect(report.joinMs).toBeGreaterThan(0);
  expect(report.lossPercent).toBeLessThan(25);
  expect(await most()).toBe(0);
  sfu.child.kill('SIGTERM');
  await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
});

test('the operator reads what a server found out', async () => {
  const sfu = await start();
  const endpoint = { origin: sfu.url, adminKey: 'admin_secret_key' };
  const client = createProbeClient({ timeoutMs: 20_000 });
  const answer = await client.probe(endpoint, { target: endpoint, addresses: ['127.0.0.1'] });
  await client.close();
  expect(answer).toMatchObject({ outcome: 'Passed', message: '2 paths work' });
  expect(answer.joinMs).toBeGreaterThan(0);
});

test('another server is called where nobody listens: each path is named with what to look at', async () => {
  const [by, target] = [await start(), await start()];
  const port = await freePort();
  const report = await probe(by, { origin: target.url, addresses: ['127.0.0.1', `127.0.0.1:${port}`] });
  expect(report.ok).toBe(false);
  expect(report.paths.map(({ ok }) => ok)).toEqual([true, true, false, false]);
  expect(report.message).toContain(`UDP 127.0.0.1:${port} (worker 0): no connection within 5 s`);
  expect(report.message).toContain(`TCP 127.0.0.1:${port} (worker 0): refused`);
});

test('a server that is not there is told apart from ports that are closed', async () => {
  const by = await start();
  const origin = `http://127.0.0.1:${await freePort()}`;
  const report = await probe(by, { origin, addresses: ['127.0.0.1'] });
  expect(report).toMatchObject({ ok: false, paths: [] });
  expect(report.message).toContain(`the API at ${origin} cannot be used`);
});
