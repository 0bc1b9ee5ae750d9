/** docs/migrate-from-rtcd.md: from the real rtcd to ours, host by host, with calls up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { ownLink } from '../../demo/page/server/hostConnection.ts';
import { Hosts } from '../../demo/page/server/hosts.ts';
import { Plugin } from '../../demo/page/server/plugin.ts';
import type { ServerKind } from '../contract/quirk.ts';
import { programOf, type ServerUnderTest, startServer } from '../contract/server.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';
import { type Caller, everybodyHears, joinCall } from './caller.ts';

/** Two hosts behind one name; both have the same ports, as the plugin's URL asks. */
const addresses = { rtcd: '127.0.0.1', ours: '127.0.0.2' } as const;
const dir = mkdtempSync(join(tmpdir(), 'rtc-migration-'));
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => {
  rmSync(dir, { recursive: true });
  cleanup();
});

/** A stock configuration with explicit ports: the very same file for both. */
function writeConfig(mediaPort: number): string {
  const file = join(dir, 'config.toml');
  const lines = [
    '[api.security]',
    'enable_admin = true',
    'admin_secret_key = "admin_secret_key"',
    'allow_self_registration = true',
    '[rtc]',
    `ice_port_udp = ${mediaPort}`,
    `ice_port_tcp = ${mediaPort}`,
    'udp_sockets_count = 4',
    '[store]',
    'data_source = "clients"',
    '[logger]',
    'enable_console = true',
    'console_level = "INFO"',
    'enable_file = false',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const inTheFile = [
  ...['API_SECURITY_ENABLEADMIN', 'API_SECURITY_ADMINSECRETKEY', 'API_SECURITY_ALLOWSELFREGISTRATION'],
  ...['RTC_ICEPORTUDP', 'RTC_ICEPORTTCP', 'RTC_UDPSOCKETSCOUNT', 'RTC_NACKDISABLECOPY', 'STORE_DATASOURCE'],
  ...['LOGGER_ENABLEFILE', 'LOGGER_CONSOLELEVEL'],
];

/** Only the host's own address is said by variables. */
async function start(kind: ServerKind, apiPort: number, config: string): Promise<ServerUnderTest> {
  const address = addresses[kind];
  const env = {
    ...Object.fromEntries(inTheFile.map((name) => [`RTCD_${name}`, ''])),
    RTCD_API_HTTP_LISTENADDRESS: `${address}:${apiPort}`,
    RTCD_RTC_ICEADDRESSUDP: address,
    RTCD_RTC_ICEADDRESSTCP: address,
    RTCD_RTC_ICEHOSTOVERRIDE: address,
  };
  const program = await programOf(kind, () => undefined);
  const server = await startServer(program, { env, args: ['-config', config] });
  closers.push(() => server.stop());
  return server;
}

test('from rtcd to ours behind one name: calls go on where they are, new ones move, nobody is dropped', async () => {
  const apiPort = await freePort({ count: 2 });
  const config = writeConfig(apiPort + 1);
  const identity = { clientID: 'mattermost', authKey: 'k'.repeat(32), apiPort };
  const log: string[] = [];
  let name: readonly string[] = [addresses.rtcd];
  const hosts = new Hosts({
    discover: () => Promise.resolve({ ok: true, addresses: name }),
    identity,
    onFrame: (address, frame) => plugin.onHostFrame(address, frame),
    log: (line) => void log.push(line),
    random: () => 0,
    resolveEveryMs: 500,
  });
  const describeHost = (): Promise<undefined> => Promise.resolve(undefined);
  const plugin = new Plugin({ hosts: () => hosts, describeHost, log: (line) => void log.push(line) });
  const join2 = async (call: string): Promise<[Caller, Caller]> => {
    const both: [Caller, Caller] = [await joinCall(plugin, call, 'ann'), await joinCall(plugin, call, 'ben')];
    closers.push(() => both.forEach((caller) => caller.leave()));
    return both;
  };

  // Before: one rtcd, a call on it.
  const rtcd = await start('rtcd', apiPort, config);
  await hosts.start();
  const old = await join2('old');
  await everybodyHears(old);
  expect(old[0].place.address).toBe(addresses.rtcd);

  // Ours comes up beside it and into DNS. The plugin registers itself there by the key it has.
  const ours = await start('ours', apiPort, config);
  closers.push(() => hosts.close());
  name = [addresses.rtcd, addresses.ours];
  const isConnected = (address: string): boolean =>
    hosts.list().some((host) => host.address === address && host.isConnected && !host.isFlagged);
  await eventually(() => (isConnected(addresses.ours) ? undefined : log.join('\n')));

  // Ours always says how free it is, in rtcd's measure. rtcd itself says nothing while the machine has no idle
  // core, and the plugin then leaves it out.
  const loads = [
    await ownLink.readLoad(addresses.ours, identity),
    await ownLink.readLoad(addresses.rtcd, identity),
  ];
  expect(loads[0]).toBeGreaterThan(0);
  expect(loads[0]).toBeLessThan(1e9);
  if (loads[1] !== undefined) expect(loads[1]).toBeGreaterThan(0);
  const both = await join2('both');
  expect(both[0].place.reason).toMatch(/^lowest cpu_load/);
  await everybodyHears(both);

  // rtcd leaves DNS: its calls stay and may grow, new ones go to ours.
  name = [addresses.ours];
  await eventually(() => (isConnected(addresses.rtcd) ? 'rtcd is not flagged yet' : undefined));
  const late = await joinCall(plugin, 'old', 'late');
  closers.push(() => late.leave());
  const fresh = await join2('fresh');
  expect([late.place.address, fresh[0].place.address]).toEqual([addresses.rtcd, addresses.ours]);
  await Promise.all([everybodyHears([...old, late]), everybodyHears(both), everybodyHears(fresh)]);

  // It is told to stop, and ends by itself with its last call; ours carries on.
  rtcd.signal('SIGTERM');
  await everybodyHears([...old, late]);
  for (const caller of [...old, late, ...both]) caller.leave();
  expect(await rtcd.ended).toBe(0);
  await eventually(() => (hosts.list().length === 1 ? undefined : log.join('\n')));
  await everybodyHears(fresh);
  expect([ours.exitCode(), fresh[0].trouble()]).toEqual([null, undefined]);
  for (const caller of fresh) caller.leave();
  await eventually(async () => {
    const response = await fetch(`http://${addresses.ours}:${apiPort}/stats`, { headers: adminHeaders });
    const { sessions } = (await response.json()) as { sessions: number };
    return sessions === 0 ? undefined : `${sessions} sessions to end`;
  });
}, 120_000);

const adminHeaders = { authorization: `Basic ${Buffer.from(':admin_secret_key').toString('base64')}` };
