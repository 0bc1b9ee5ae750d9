/** A media worker of the real server is stopped where it is, as by a debugger or a disk that does not answer. */
import { afterEach, expect, test } from '@jest/globals';

import { statsSchema, type Stats } from '../../sfu/http/stats.ts';
import { eventually } from '../support/eventually.ts';
import { type SfuProcess, startSfu } from './process.ts';
import { connectPlugin } from './remotePlugin.ts';

let sfu: SfuProcess;
let stopped: number | undefined;

/** A stopped worker does not see that its server is gone, and would stay. */
function goOn(): void {
  if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
  stopped = undefined;
}
afterEach(async () => {
  goOn();
  await sfu.stop();
});

function stop(worker: number): void {
  const line = new RegExp(`Started media worker worker=${worker} pid=(\\d+)`).exec(sfu.output());
  stopped = Number(line?.[1]);
  process.kill(stopped, 'SIGSTOP');
}

async function workers(): Promise<Stats['workers']> {
  const authorization = `Basic ${Buffer.from(':admin_secret_key').toString('base64')}`;
  const response = await fetch(`${sfu.url}/stats`, { headers: { authorization } });
  return statsSchema.parse(await response.json()).workers;
}

async function metric(name: string, worker: number): Promise<number> {
  const text = await (await fetch(`${sfu.url}/metrics`)).text();
  return Number(new RegExp(`^${name}{worker="${worker}"} (\\S+)$`, 'm').exec(text)?.[1]);
}

const alive = async (): Promise<string> => (await (await fetch(`${sfu.url}/livez`)).text()).trim();

/** Longer than a look at an idle worker and the looks until its silence tells something. */
const patient = { timeoutMs: 60_000, intervalMs: 200 };

const untilItHangs = (worker: number): Promise<void> =>
  eventually(async () => {
    const trouble = (await workers())[worker]?.trouble;
    return /media worker hangs: no answer for \d+ s/.test(trouble ?? '') ? undefined : `trouble: ${trouble}`;
  }, patient);

test('without any call it is seen that the worker hangs: in metrics, stats, log and liveness, and when it goes on', async () => {
  sfu = await startSfu();
  expect([await metric('rtc_sfu_worker_up', 0), await alive()]).toEqual([1, 'ok']);
  stop(0);
  await untilItHangs(0);
  expect(await metric('rtc_sfu_worker_delay_seconds', 0)).toBeGreaterThan(5);
  expect(await metric('rtc_sfu_worker_up', 0)).toBe(0);
  expect(await alive()).toContain('media worker hangs');
  expect(sfu.output()).toContain('Media worker hangs');
  goOn();
  await eventually(async () => {
    const [worker] = await workers();
    return worker?.trouble === null ? undefined : `trouble: ${worker?.trouble}`;
  }, patient);
  expect([await metric('rtc_sfu_worker_up', 0), await alive()]).toEqual([1, 'ok']);
  await eventually(() =>
    sfu.output().includes('Media worker no longer hangs') ? undefined : 'that it goes on',
  );
}, 150_000);

test('with another worker the server stays alive, and who joins is placed on that one', async () => {
  sfu = await startSfu({ RTCD_RTC_WORKERS: '2' });
  stop(0);
  await untilItHangs(0);
  const plugin = await connectPlugin(sfu.url);
  plugin.join('call', 'ann');
  await eventually(async () => {
    const sessions = (await workers()).map((worker) => worker.sessions);
    return sessions.join() === '0,1' ? undefined : `sessions on workers: ${sessions.join()}`;
  });
  expect(await alive()).toBe('ok');
  plugin.close();
}, 120_000);
