/** A media worker of the real server is killed. */
import { afterEach, expect, test } from '@jest/globals';

import { statsSchema, type Stats } from '../../sfu/http/stats.ts';
import { eventually } from '../support/eventually.ts';
import type { PluginSession } from './call/harness.ts';
import { type SfuProcess, startSfu } from './process.ts';
import { connectPlugin } from './remotePlugin.ts';

let sfu: SfuProcess;
afterEach(() => sfu.stop());

const count = 50;
const names = Array.from({ length: count }, (_, index) => `session-${index}`);

async function stats(): Promise<Stats> {
  const authorization = `Basic ${Buffer.from(':admin_secret_key').toString('base64')}`;
  const response = await fetch(`${sfu.url}/stats`, { headers: { authorization } });
  return statsSchema.parse(await response.json());
}

const probe = async (path: string): Promise<number> => (await fetch(sfu.url + path)).status;

/** Process ID of a worker, as the log tells it. */
function pidOf(worker: number): number {
  const line = new RegExp(`Started media worker worker=${worker} pid=(\\d+)`).exec(sfu.output());
  return Number(line?.[1]);
}

const closes = (sessions: readonly PluginSession[]): number[] =>
  sessions.map(({ received }) => received.filter(({ type }) => type === 'close').length);

test('each session on it is closed within a second and may rejoin at once, while the server stays alive and ready', async () => {
  sfu = await startSfu({ RTCD_RTC_WORKERS: '2' });
  const plugin = await connectPlugin(sfu.url);
  const before = names.map((name) => plugin.join('call', name));
  await eventually(async () => {
    const { sessions, workers } = await stats();
    const placed = workers.reduce((sum, worker) => sum + worker.sessions, 0);
    return sessions === count && placed === count ? undefined : `${sessions} sessions, ${placed} placed`;
  });
  const dead = (await stats()).workers.findIndex(({ sessions }) => sessions > 0);
  const lost = (await stats()).workers[dead]!.sessions;
  process.kill(pidOf(dead), 'SIGKILL');
  await eventually(
    () => {
      const told = closes(before).filter((one) => one > 0).length;
      return told === lost ? undefined : `${told} of ${lost} are told`;
    },
    { timeoutMs: 1_000, intervalMs: 10 },
  );
  const again = names.map((name) => plugin.join('call', name));
  expect([await probe('/livez'), await probe('/readyz')]).toEqual([200, 200]);
  await eventually(async () => {
    const { sessions, workers } = await stats();
    const up = workers.filter(({ trouble }) => trouble === null).length;
    return sessions === count && up === 2 ? undefined : `${sessions} sessions, ${up} workers`;
  });
  expect(Math.max(...closes(before))).toBe(1);
  expect(closes(again)).toEqual(names.map(() => 0));
  expect((await stats()).workers[dead]!.deaths).toBe(1);
  plugin.close();
});
