/** A plugin at the real server, and how that ends. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { basic } from '../contract/http.ts';
import { eventually } from '../support/eventually.ts';
import { connectPlugin, pluginKey, type Plugin } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const plugins: Plugin[] = [];
afterEach(async () => {
  for (const { socket } of plugins.splice(0)) socket.terminate();
  await sfu.stop();
});

const admin = basic('', 'admin_secret_key');

async function json(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  return (await (await fetch(sfu.url + path, init)).json()) as Record<string, unknown>;
}

const stats = (): Promise<Record<string, unknown>> => json('/stats', { headers: { authorization: admin } });

async function connect(): Promise<Plugin> {
  const plugin = await connectPlugin(sfu.url);
  plugins.push(plugin);
  return plugin;
}

/** A plugin with one session, which the server counts. */
async function withSession(): Promise<Plugin> {
  const plugin = await connect();
  plugin.join('c1', 's1');
  await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session'));
  return plugin;
}

describe('a plugin at the real server', () => {
  test('registers, connects, joins, is counted, leaves, and is told so', async () => {
    sfu = await startSfu();
    const { join, send, received } = await connect();
    expect(received[0]).toEqual(['hello', { clientID: 'mm', connID: expect.stringMatching(/^\w{26}$/) }]);
    join('c1', 's1');
    await eventually(async () =>
      (await stats())['sessions'] === 1 ? undefined : JSON.stringify(await stats()),
    );
    expect(await stats()).toMatchObject({ calls: 1, draining: false });
    const own = { headers: { authorization: basic('mm', pluginKey) } };
    expect(await json('/calls/c1/sessions', own)).toEqual([
      {
        GroupID: 'mm',
        CallID: 'c1',
        UserID: 'user-s1',
        SessionID: 's1',
        Props: { channelID: 'channel', av1Support: null, dcSignaling: null },
      },
    ]);
    expect((await json('/system'))['cpu_load']).toBeGreaterThan(1);
    const text = await (await fetch(`${sfu.url}/metrics`)).text();
    expect(text).toContain('rtcd_rtc_sessions_total{groupID="mm"} 1');
    send('leave', { sessionID: 's1' });
    await eventually(() => (received.length === 2 ? undefined : 'close'));
    expect(received[1]).toEqual(['close', { sessionID: 's1' }]);
    expect((await fetch(`${sfu.url}/calls/c1/sessions`, own)).status).toBe(404);
  });

  test('is refused above the limit by an immediate close, which is logged and counted', async () => {
    sfu = await startSfu({ RTCD_RTC_MAXCALLPARTICIPANTS: '1' });
    const { join, received } = await connect();
    join('c1', 's1');
    join('c1', 's2');
    await eventually(() => (received.length === 2 ? undefined : 'close'));
    expect(received[1]).toEqual(['close', { sessionID: 's2' }]);
    const text = await (await fetch(`${sfu.url}/metrics`)).text();
    expect(text).toContain('rtc_sfu_limited_total{client_id="mm",limit="sessions"} 1');
  });
});

test('a drain turns new calls away, keeps the pod ready, takes who comes all the same, and can be taken back', async () => {
  sfu = await startSfu();
  const { join } = await connect();
  const drain = (method: string): Promise<unknown> =>
    json('/drain', { method, headers: { authorization: admin } });
  expect(await drain('POST')).toEqual({ draining: true });
  expect(await json('/system')).toEqual({ cpu_load: 1e9 });
  expect((await fetch(`${sfu.url}/readyz`)).status).toBe(200);
  join('c1', 's1');
  await eventually(async () => ((await stats())['sessions'] === 1 ? undefined : 'the session of a new call'));
  expect(await stats()).toMatchObject({ draining: true });
  expect(await drain('DELETE')).toEqual({ draining: false });
  expect((await json('/system'))['cpu_load']).toBeLessThan(1e9);
  expect(await stats()).toMatchObject({ draining: false, sessions: 1 });
  expect(sfu.output()).toMatch(/Audit action=undrain by=admin outcome=done remoteAddress=127\.0\.0\.1/);
});

describe('the end', () => {
  test('SIGTERM waits for the last session, sends new calls elsewhere, then exits 0', async () => {
    sfu = await startSfu();
    const { send } = await withSession();
    sfu.child.kill('SIGTERM');
    await eventually(async () => ((await stats())['draining'] === true ? undefined : 'draining'));
    expect(await json('/system')).toEqual({ cpu_load: 1e9 });
    const ready = await fetch(`${sfu.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      'the server is terminating: it ends with its last session\n',
    ]);
    expect(sfu.exitCode()).toBeNull();
    send('leave', { sessionID: 's1' });
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Stopped reason=empty/);
  });

  test('a second SIGTERM closes the sessions and exits 0', async () => {
    sfu = await startSfu();
    const { received } = await withSession();
    sfu.child.kill('SIGTERM');
    await eventually(async () => ((await stats())['draining'] === true ? undefined : 'draining'));
    sfu.child.kill('SIGTERM');
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
  });

  test('after the drain time-out the sessions are closed', async () => {
    sfu = await startSfu({}, { args: ['--drain-timeout', '1'] });
    const { received } = await withSession();
    sfu.child.kill('SIGTERM');
    await eventually(() => (sfu.exitCode() === 0 ? undefined : sfu.output()));
    expect(sfu.output()).toMatch(/Stopped reason=timeout/);
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
  });
});
