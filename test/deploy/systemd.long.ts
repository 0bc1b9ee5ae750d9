/** `deploy/systemd/rtcd.service`, run by systemd itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { freePort } from '../support/ports.ts';
import { eventually } from '../support/eventually.ts';
import { blocksBy } from '../docs/harness/pages.ts';
import { enter, hears, leave, unmute } from './conversation.ts';
import { connectPlugin, type PluginSocket } from './pluginSocket.ts';
import { type Machine, startMachine } from './systemd.ts';

const guide = readFileSync(join(import.meta.dirname, '../sfu/config/guide/config.toml.txt'), 'utf8');
const client = { clientID: 'mm', authKey: 'k'.repeat(32) };

let machine: Machine;
let url: string;
const closers: (() => void)[] = [];

/** The guide's configuration; ports are free ones of this machine, and a plugin may register. */
async function boot(config = guide): Promise<void> {
  const port = await freePort({ count: 2 });
  const media = String(port + 1);
  url = `http://127.0.0.1:${port}`;
  machine = await startMachine({
    config,
    env: {
      RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}`,
      RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'true',
      RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
      RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
      RTCD_RTC_ICEPORTUDP: media,
      RTCD_RTC_ICEPORTTCP: media,
      // Or the STUN server of the guide would be asked.
      RTCD_RTC_ICEHOSTOVERRIDE: '127.0.0.1',
    },
  });
}

beforeEach(() => {
  url = '';
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await machine.stop();
});
afterAll(() => cleanup());

async function plugin(): Promise<PluginSocket> {
  await fetch(`${url}/register`, { method: 'POST', body: JSON.stringify(client) });
  const connected = await connectPlugin(url.replace('http', 'ws'), client);
  closers.push(() => connected.socket.terminate());
  return connected;
}

const serving = async (): Promise<string | undefined> =>
  (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true ? undefined : machine.log();

test('systemd finds nothing wrong with it', async () => {
  await boot();
  const unit = '/etc/systemd/system/rtcd.service';
  expect(await machine.run('systemd-analyze', 'verify', '--recursive-errors=no', unit)).toBe('');
});

test('the guide tells to type what is run here', () => {
  expect(blocksBy('test/deploy/systemd.long.ts')).toEqual(['systemctl stop rtcd']);
});

test('stopping it drains: people talk on, and the unit ends well when the last one has left', async () => {
  await boot();
  await machine.systemctl('start', 'rtcd');
  await eventually(serving);
  const calls = await plugin();
  const [ann, ben] = [await enter(calls.join('call', 'ann')), await enter(calls.join('call', 'ben'))];
  closers.push(
    () => ann.close(),
    () => ben.close(),
  );
  await unmute(ann);
  await hears(ben, ann);
  await machine.systemctl('stop', '--no-block', 'rtcd');
  await eventually(() => (/drain/i.test(machine.log()) ? undefined : machine.log()));
  expect(await machine.systemctl('show', '-P', 'ActiveState', 'rtcd')).toBe('deactivating');
  await hears(ben, ann, 50);
  await leave(ann);
  expect(await machine.systemctl('show', '-P', 'ActiveState', 'rtcd')).toBe('deactivating');
  await leave(ben);
  await eventually(async () => {
    const state = await machine.systemctl('show', '-P', 'ActiveState', 'rtcd');
    return state === 'inactive' ? undefined : `${state}\n${machine.log()}`;
  });
  expect(await machine.systemctl('show', '-P', 'Result', 'rtcd')).toBe('success');
  expect(machine.log()).toMatch(/Stopped reason=empty/);
});

test('it runs as its own user, may write its own data only, and knows its clients after a restart', async () => {
  await boot();
  await machine.systemctl('start', 'rtcd');
  await eventually(serving);
  await plugin();
  const pid = await machine.systemctl('show', '-P', 'MainPID', 'rtcd');
  expect(await machine.run('stat', '-c', '%U', `/proc/${pid}`)).toBe('mattermost');
  expect(await machine.run('stat', '-c', '%U %a', '/var/lib/rtcd')).toBe('mattermost 700');
  expect(
    await machine.run(
      'sh',
      '-c',
      `grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/${pid}/status | tr -d '\\n\\t'`,
    ),
  ).toBe('CapBnd:0000000000000000NoNewPrivs:1Seccomp:2');
  closers.splice(0).forEach((close) => close());
  await machine.systemctl('restart', 'rtcd');
  await eventually(serving);
  const { received, socket } = await connectPlugin(url.replace('http', 'ws'), client);
  expect(received[0]).toMatchObject({ type: 'hello', clientID: 'mm' });
  socket.terminate();
});

test('after a crash it is back by itself, with its media ports free', async () => {
  await boot();
  await machine.systemctl('start', 'rtcd');
  await eventually(serving);
  await machine.systemctl('kill', '--kill-whom=main', '--signal=KILL', 'rtcd');
  await eventually(async () => {
    const starts = await machine.systemctl('show', '-P', 'NRestarts', 'rtcd');
    return starts === '1' ? await serving() : `a restart\n${machine.log()}`;
  });
});

test('a mistake in the configuration is named in the log, and nothing starts', async () => {
  await boot(`${guide}\n[RTC.Nope]\nKey = 1\n`);
  await expect(machine.systemctl('start', 'rtcd')).rejects.toThrow(/failed/);
  expect(machine.log()).toMatch(/nope/i);
  expect(machine.log()).not.toMatch(/Serving/);
});
