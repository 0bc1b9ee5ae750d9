/** Configuration (wire spec 7): each scenario starts servers of its own. */
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

import { eventually } from '../../support/eventually.ts';
import { ask, post } from '../http.ts';
import { type Scenario, scenarios } from '../scenario.ts';
import type { ServerUnderTest } from '../server.ts';
import type { Stage } from '../stage.ts';
import { candidatesIn, firstOffer, joined } from './joined.ts';

/** Every key that stock rtcd has, at values that differ from its defaults where that does no harm. */
const wholeFile = (dir: string): string => `
[api]
http.tls.enable = false
http.tls.cert_file = ""
http.tls.cert_key = ""
security.allow_self_registration = true
security.enable_admin = true
security.admin_secret_key = "from-the-file"
security.session_cache.expiration_minutes = 60

[rtc]
enable_ipv6 = false
ice_host_port_override = ""
ice_servers = []
turn.static_auth_secret = ""
turn.credentials_expiration_minutes = 60
udp_sockets_count = 2
nack_buffer_size = 512
nack_disable_copy = false

[store]
data_source = "${dir}/clients"

[logger]
enable_console = true
console_json = true
console_level = "DEBUG"
enable_file = true
file_json = true
file_level = "DEBUG"
file_location = "${dir}/rtcd.log"
enable_color = false
`;

/** What a server must refuse to start with: its name, and the variables. */
const refused: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a media port below 80', { RTCD_RTC_ICEPORTUDP: '79' }],
  ['a media port above 49151', { RTCD_RTC_ICEPORTTCP: '49152' }],
  ['a media port that is no number', { RTCD_RTC_ICEPORTUDP: 'many' }],
  ['an admin without a key', { RTCD_API_SECURITY_ADMINSECRETKEY: '' }],
  ['a session cache whose tokens live no minute', { RTCD_API_SECURITY_SESSIONCACHE_EXPIRATIONMINUTES: '0' }],
  ['no place to log to', { RTCD_LOGGER_ENABLECONSOLE: 'false' }],
  ['a log level that there is not', { RTCD_LOGGER_CONSOLELEVEL: 'LOUD' }],
  [
    'TLS whose certificate is not there',
    { RTCD_API_HTTP_TLS_ENABLE: 'true', RTCD_API_HTTP_TLS_CERTFILE: '/none' },
  ],
  ['ICE servers that are no JSON', { RTCD_RTC_ICESERVERS: 'stun:here' }],
  ['an ICE server without URLs', { RTCD_RTC_ICESERVERS: '[{"urls":[]}]' }],
  ['an ICE server that is neither STUN nor TURN', { RTCD_RTC_ICESERVERS: '["http://127.0.0.1"]' }],
  [
    'STUN and TURN in one ICE server',
    { RTCD_RTC_ICESERVERS: '[{"urls":["stun:127.0.0.1","turn:127.0.0.1"]}]' },
  ],
  ['a flag that is neither true nor false', { RTCD_RTC_ENABLEIPV6: 'perhaps' }],
  [
    'a host override map that names an address twice',
    { RTCD_RTC_ICEHOSTPORTOVERRIDE: '127.0.0.1/8443,127.0.0.1/8444' },
  ],
  ['no UDP socket', { RTCD_RTC_UDPSOCKETSCOUNT: '0' }],
  ['a NACK buffer whose size is no power of two', { RTCD_RTC_NACKBUFFERSIZE: '100' }],
  ['an address for media that is none', { RTCD_RTC_ICEADDRESSUDP: 'localhost' }],
];

/** Scenarios of starting. */
export const config: readonly Scenario[] = scenarios([
  ...refused.map(([what, env]): Scenario => ({
    name: `A server does not start with ${what}`,
    spec: '7',
    run: async (stage) => {
      const server = await stage.launch({ env });
      await eventually(() => (server.exitCode() === null ? 'the end of the process' : undefined), {
        timeoutMs: 15_000,
      });
      strictEqual(server.exitCode(), 1);
      match(server.log(), /\S/, 'it says why');
    },
  })),
  {
    name: 'A file with every key of rtcd is understood',
    spec: '7',
    run: async (stage) => {
      const dir = await stage.folder();
      await writeFile(`${dir}/config.toml`, wholeFile(dir));
      const server = await stage.start({ args: ['-config', `${dir}/config.toml`], env: unset });
      const authorization = `Basic ${Buffer.from(':from-the-file').toString('base64')}`;
      const { clientID } = await stage.register(server);
      strictEqual((await post(server, '/unregister', { authorization, body: { clientID } })).status, 200);
    },
  },
  {
    name: 'A variable wins over the file',
    spec: '7',
    run: async (stage) => {
      const dir = await stage.folder();
      await writeFile(`${dir}/config.toml`, wholeFile(dir));
      const env = { ...unset, RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'false' };
      const server = await stage.start({ args: ['-config', `${dir}/config.toml`], env });
      const body = { clientID: stage.id(), authKey: 'k'.repeat(32) };
      strictEqual((await post(server, '/register', { body })).status, 401);
    },
  },
  {
    name: 'A file that is not there means defaults, not an error',
    spec: '7',
    run: async (stage) => {
      const server = await stage.start({ args: ['-config', '/none/config.toml'] });
      strictEqual((await ask(server, '/version')).status, 200);
    },
  },
  {
    name: 'A file that cannot be read as TOML ends the start',
    spec: '7',
    run: async (stage) => {
      const dir = await stage.folder();
      await writeFile(`${dir}/config.toml`, '[api\nhttp = ');
      const server = await stage.launch({ args: ['-config', `${dir}/config.toml`] });
      await eventually(() => (server.exitCode() === null ? 'the end of the process' : undefined), {
        timeoutMs: 15_000,
      });
      strictEqual(server.exitCode(), 1);
    },
  },
  {
    name: 'ICE servers may be a list of URLs or of objects',
    spec: '6',
    run: async (stage) => {
      for (const servers of [
        '["stun:127.0.0.1:3478"]',
        '[{"urls":["turn:127.0.0.1:3478?transport=udp"],"username":"a","credential":"b"}]',
        '[{"urls":["stun:127.0.0.1:3478"]},{"urls":["turns:127.0.0.1:5349?transport=tcp"]}]',
      ]) {
        const server = await stage.start({ env: { RTCD_RTC_ICESERVERS: servers } });
        strictEqual((await ask(server, '/version')).status, 200);
        await server.stop();
      }
    },
  },
  {
    name: 'Clients are told UDP and TCP candidates on the media ports',
    spec: '3.4',
    run: async (stage) => {
      const server = await stage.start({ env: { RTCD_RTC_ICEHOSTOVERRIDE: '' } });
      const found = await candidatesOf(stage, server);
      const port = server.mediaPort;
      deepStrictEqual(found, [`tcp 127.0.0.1 ${port} host passive`, `udp 127.0.0.1 ${port} host`]);
    },
  },
  {
    name: 'UDP and TCP may have ports of their own',
    spec: '7',
    run: async (stage) => {
      const port = await stage.freePort();
      const server = await stage.start({ env: { RTCD_RTC_ICEPORTTCP: String(port) } });
      const found = await candidatesOf(stage, server);
      ok(
        found.some((line) => line.startsWith(`udp 127.0.0.1 ${server.mediaPort} `)),
        found.join(),
      );
      ok(
        found.some((line) => line.startsWith(`tcp 127.0.0.1 ${port} `)),
        found.join(),
      );
    },
  },
  {
    name: 'A host override is told in place of the one local address',
    spec: '7.1',
    run: async (stage) => {
      const server = await stage.start({ env: { RTCD_RTC_ICEHOSTOVERRIDE: '203.0.113.7' } });
      const found = await candidatesOf(stage, server);
      ok(
        found.some((line) => line.startsWith(`udp 203.0.113.7 ${server.mediaPort} `)),
        found.join(),
      );
    },
  },
  {
    name: 'A host override may be a name, which the server resolves',
    spec: '7.1',
    run: async (stage) => {
      const server = await stage.start({ env: { RTCD_RTC_ICEHOSTOVERRIDE: 'localhost' } });
      const found = await candidatesOf(stage, server);
      ok(
        found.some((line) => line.startsWith(`udp 127.0.0.1 ${server.mediaPort} `)),
        found.join(),
      );
      ok(!found.join().includes('localhost'), found.join());
    },
  },
  {
    name: 'A port override is told together with the overridden address',
    spec: '7.2',
    run: async (stage) => {
      const env = { RTCD_RTC_ICEHOSTOVERRIDE: '203.0.113.7', RTCD_RTC_ICEHOSTPORTOVERRIDE: '30443' };
      const found = await candidatesOf(stage, await stage.start({ env }));
      ok(
        found.some((line) => line.startsWith('udp 203.0.113.7 30443 ')),
        found.join(),
      );
    },
  },
  {
    name: 'A port override map gives the port of the local address',
    spec: '7.2',
    run: async (stage) => {
      const env = {
        RTCD_RTC_ICEHOSTOVERRIDE: '203.0.113.7',
        RTCD_RTC_ICEHOSTPORTOVERRIDE: '127.0.0.1/30443,192.0.2.2/30444',
      };
      const found = await candidatesOf(stage, await stage.start({ env }));
      ok(
        found.some((line) => line.startsWith('udp 203.0.113.7 30443 ')),
        found.join(),
      );
    },
  },
]);

/** What the file gives is taken away from the variables. */
const unset = {
  RTCD_API_SECURITY_ENABLEADMIN: '',
  RTCD_API_SECURITY_ADMINSECRETKEY: '',
  RTCD_API_SECURITY_ALLOWSELFREGISTRATION: '',
  RTCD_RTC_UDPSOCKETSCOUNT: '',
  RTCD_RTC_NACKDISABLECOPY: '',
  RTCD_STORE_DATASOURCE: '',
  RTCD_LOGGER_ENABLEFILE: '',
  RTCD_LOGGER_CONSOLELEVEL: '',
};

/** The candidates that a new session is told, in its answer or one by one: `udp ADDRESS PORT host`, sorted. */
async function candidatesOf(stage: Stage, server: ServerUnderTest): Promise<readonly string[]> {
  const { plugin, ids } = await joined(stage, { server });
  plugin.rtc(ids.sessionID, 'sdp', firstOffer);
  const found = (): readonly string[] => candidatesIn(plugin, ids.sessionID);
  await eventually(() =>
    ['udp', 'tcp'].every((way) => found().some((line) => line.startsWith(way))) ? undefined : found().join(),
  );
  return found();
}
