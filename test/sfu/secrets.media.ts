import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';
import { eventually } from '../support/eventually.ts';
import { descriptionOf } from './call/harness.ts';
import { Peer } from './call/peer.ts';
import { connectPlugin, pluginKey } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';

let sfu: SfuProcess;
const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers) peer.close();
  await sfu.stop();
  cleanup();
});

const adminKey = 'admin-key-that-nobody-may-read';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(sfu.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

/** Everything that the server wrote anywhere. */
function written(): string {
  const files = readdirSync(sfu.dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
  return [sfu.output(), ...texts].join('\n');
}

const icePassword = (sdp: string): string => /a=ice-pwd:(\S+)/.exec(sdp)?.[1] ?? '';

test('no key, token or password reaches logs, metrics or disk, however much is logged', async () => {
  sfu = await startSfu({
    RTCD_LOGGER_CONSOLELEVEL: 'TRACE',
    RTCD_LOGGER_ENABLEFILE: 'true',
    RTCD_LOGGER_FILELEVEL: 'TRACE',
    RTCD_API_SECURITY_ADMINSECRETKEY: adminKey,
    RTCD_RTC_ICESERVERS:
      '[{"urls":["turn:127.0.0.1:1"],"username":"turnuser","credential":"turn-credential"}]',
    RTCD_RTC_TURNCONFIG_STATICAUTHSECRET: 'turn-static-secret',
  });
  const plugin = await connectPlugin(sfu.url, 'mm');
  const ann = new Peer(plugin.join('call', 'ann'));
  const bob = new Peer(plugin.join('call', 'bob'));
  peers.push(ann, bob);
  await eventually(() => (ann.channel.isOpen() && bob.channel.isOpen() ? undefined : 'the call'));
  const { bearerToken } = (await post('/login', { clientID: 'mm', authKey: pluginKey })) as {
    bearerToken: string;
  };
  const wrongKey = 'a-wrong-key-that-is-long-enough-for-all';
  await post('/login', { clientID: 'mm', authKey: wrongKey });
  await post('/register', { clientID: 'x', authKey: wrongKey, extra: 1 });
  await post('/unregister', { clientID: 'y' }, { authorization: `Bearer ${bearerToken}` });
  await post('/drain', {}, { authorization: `Basic ${base64(`:${adminKey}`)}` });
  await fetch(`${sfu.url}/calls/call/sessions`, {
    headers: { authorization: `Basic ${base64('mm:nonsense-key')}` },
  });
  plugin.send('rtc', {
    session_id: 'ann',
    type: 2,
    data: Buffer.from(`{"type":"offer","sdp":"${wrongKey}"}`),
  });
  plugin.send('nonsense', { authKey: wrongKey });
  await eventually(() => (sfu.output().includes('Ignored message') ? undefined : 'the log of the nonsense'));

  const sdps = [ann, bob].flatMap(({ plugin: { received } }) =>
    received.flatMap((message) => descriptionOf(message)?.sdp ?? []),
  );
  const passwords = [...sdps, ann.pc.localDescription()?.sdp ?? ''].map(icePassword);
  const secrets = [
    ...[pluginKey, adminKey, bearerToken, wrongKey, 'nonsense-key', 'turn-credential', 'turn-static-secret'],
    ...[base64(`mm:${pluginKey}`), base64(`:${adminKey}`)],
    ...new Set(passwords),
  ];
  expect(secrets.every((secret) => secret.length >= 10)).toBe(true);
  expect(existsSync(join(sfu.dir, 'rtcd.log'))).toBe(true);
  const metrics = await (await fetch(`${sfu.url}/metrics`)).text();
  const all = written() + metrics;
  expect(all).toContain('Joined');
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
});
