import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { type Browser, chromium, type Page } from 'playwright-core';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { descriptionOf, type Harness, type PluginSession, startHarness } from './harness.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

interface User {
  readonly page: Page;
  readonly plugin: PluginSession;
}

interface Heard {
  readonly mid: string;
  readonly stream: string;
  readonly hz: number;
  readonly ended: boolean;
}

interface Stats {
  readonly received: number;
  readonly sent: number;
  readonly lost: number;
  readonly srtp: string;
  readonly remote: string;
  readonly state: string;
  readonly mids: string[];
}

let harness: Harness;
let browser: Browser;
let site: Server;
let url: string;

beforeAll(async () => {
  harness = await startHarness();
  const script = await readFile(join(import.meta.dirname, 'browserClient.js'), 'utf8');
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><body><script>${script}</script>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(site.address() as { port: number }).port}/`;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}, 60_000);

afterAll(async () => {
  await browser.close();
  site.close();
  await harness.close();
});

/** How a user enters. */
interface EnterOptions {
  readonly dcSignaling?: boolean;
  /** The client is told only of the TCP candidates. */
  readonly isTcpOnly?: boolean;
}

async function enter(callID: string, sessionID: string, props: EnterOptions = {}): Promise<User> {
  const page = await browser.newPage();
  const plugin = harness.join(callID, sessionID, props);
  await page.exposeFunction('toPlugin', (json: string) =>
    plugin.send(rtcMessageType.sdp, JSON.parse(json) as unknown),
  );
  plugin.onMessage = (message) => {
    const description = descriptionOf(message);
    if (description === undefined) return;
    const sdp =
      props.isTcpOnly === true ? description.sdp.replaceAll(/a=candidate:udp.*\r\n/g, '') : description.sdp;
    const json = JSON.stringify(JSON.stringify({ ...description, sdp }));
    // What fails in the page is in `client.errors`; what fails here is a page that is being closed.
    page.evaluate(`client.guard(() => client.signal(${json}))`).catch(() => undefined);
  };
  await page.goto(url);
  await page.evaluate(`void start({ dcSignaling: ${props.dcSignaling ?? false} })`);
  return { page, plugin };
}

const heard = ({ page }: User): Promise<Heard[]> => page.evaluate('client.heard()');
const stats = ({ page }: User): Promise<Stats> => page.evaluate('client.stats()');
const errors = ({ page }: User): Promise<string[]> => page.evaluate('client.errors');
const near = (hz: number, wanted: number): boolean => Math.abs(hz - wanted) < 20;

async function hears(user: User, sender: string, hz: number): Promise<void> {
  await eventually(async () => {
    const tracks = await heard(user);
    const found = tracks.some((one) => one.stream === sender && near(one.hz, hz) && !one.ended);
    return found
      ? undefined
      : `${sender} at ${hz} Hz: ${JSON.stringify(tracks)} ${(await errors(user)).join()}`;
  });
}

describe.each([
  ['through the plugin', false],
  ['on the data channel', true],
])('a call in Chromium, signalled %s', (_name, dcSignaling) => {
  const callID = `call-${dcSignaling}`;
  const id = (person: string): string => `${person}${dcSignaling ? 'data' : 'plugin'}`;

  test('everyone hears everyone, late joiners too, and those who left are gone', async () => {
    const ann = await enter(callID, id('ann'), { dcSignaling });
    const bob = await enter(callID, id('bob'), { dcSignaling });
    await ann.page.evaluate('client.speak(440)');
    await bob.page.evaluate('client.speak(880)');
    await hears(bob, id('ann'), 440);
    await hears(ann, id('bob'), 880);

    const cyd = await enter(callID, id('cyd'), { dcSignaling });
    await hears(cyd, id('ann'), 440);
    await hears(cyd, id('bob'), 880);

    await cyd.page.evaluate('client.speak(1320)');
    await hears(ann, id('cyd'), 1320);
    await hears(bob, id('cyd'), 1320);
    expect(harness.service.counts().tracks).toMatchObject({ in: { voice: 3 }, out: { voice: 6 } });

    bob.plugin.leave();
    await eventually(async () =>
      (await heard(ann)).find((one) => one.stream === id('bob'))?.ended ? undefined : 'bob is still there',
    );
    const dan = await enter(callID, id('dan'), { dcSignaling });
    await dan.page.evaluate('client.speak(1760)');
    await hears(ann, id('dan'), 1760);
    await hears(cyd, id('dan'), 1760);
    expect((await stats(ann)).mids).toEqual(['s0 sendonly', 's1 inactive', 's3 recvonly', 's4 recvonly']);
    expect((await stats(ann)).srtp).toBe('SRTP_AEAD_AES_256_GCM');
    await leaveAll([ann, bob, cyd, dan]);
  }, 60_000);

  test('who mutes is not heard until unmuted, and the plugin is told who speaks', async () => {
    const ann = await enter(callID, id('ann'), { dcSignaling });
    const bob = await enter(callID, id('bob'), { dcSignaling });
    await ann.page.evaluate('client.speak(440)');
    await hears(bob, id('ann'), 440);
    await told(ann, rtcMessageType.voiceOn);

    await ann.page.evaluate('client.mute()');
    ann.plugin.send(rtcMessageType.mute);
    await told(ann, rtcMessageType.voiceOff);
    await eventually(async () => ((await heard(bob))[0]?.hz === 0 ? undefined : 'ann is still heard'));

    await ann.page.evaluate('client.unmute()');
    ann.plugin.send(rtcMessageType.unmute);
    await hears(bob, id('ann'), 440);
    await leaveAll([ann, bob]);
  }, 60_000);
});

test('Chromium is heard over ICE-TCP too', async () => {
  const ann = await enter('call-tcp', 'anntcp', { isTcpOnly: true });
  const bob = await enter('call-tcp', 'bobtcp');
  await ann.page.evaluate('client.speak(440)');
  await bob.page.evaluate('client.speak(880)');
  await hears(bob, 'anntcp', 440);
  await hears(ann, 'bobtcp', 880);
  expect((await stats(ann)).remote).toMatch(/^tcp 127\.0\.0\.1:/);
  expect((await stats(bob)).remote).toMatch(/^udp 127\.0\.0\.1:/);
  await leaveAll([ann, bob]);
}, 60_000);

/** The plugin was told with all that it needs. */
async function told({ plugin }: User, type: number): Promise<void> {
  const { sessionID } = plugin;
  await eventually(() => {
    const found = plugin.received.some(
      (one) => one.type === 'vad' && one.message.type === type && one.message.userID === `user-${sessionID}`,
    );
    return found ? undefined : `vad ${type}: ${plugin.received.map((one) => one.type).join()}`;
  });
}

/** A client that closes its peer connection ends its session at once. */
async function leaveAll(users: readonly User[]): Promise<void> {
  for (const user of users) expect(await errors(user)).toEqual([]);
  for (const user of users) await user.page.evaluate('client.leave()');
  await eventually(() => {
    const { sessions } = harness.service.counts();
    return sessions === 0 ? undefined : `${sessions} sessions remain`;
  });
  for (const user of users) await user.page.close();
}
