/** A call of a hundred who each spoke once, as real browsers meet it: what they send to the plugin stays small. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { type Clock, processClock } from '../../../sfu/call/timers.ts';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, errorsOf, launchChromium, startBrowser, statsOf, type User } from './browser.ts';
import { routeAddress } from '../../support/routeAddress.ts';
import { launchFirefox } from './firefox.ts';
import { descriptionOf, type Harness, type PluginSession, startHarness } from './harness.ts';

const { mute, sdp: sdpType, unmute } = rtcMessageType;

/** The plugin takes no more of one description (wire spec 3.2). */
const pluginTakesBytes = 64 * 1024;

/** The members are on paper and never connect: the server's patience with them is stretched. */
const patient: Clock = {
  ...processClock,
  after: (delayMs, callback) => processClock.after(delayMs >= 30_000 ? delayMs * 20 : delayMs, callback),
};

/** A member without a connection: its offer brings a voice, then it mutes. */
async function member(harness: Harness, number: number): Promise<PluginSession> {
  const plugin = harness.join('crowd', `member${number}`);
  const sdp = [
    ...[
      'v=0',
      'o=- 1 1 IN IP4 0.0.0.0',
      's=-',
      't=0 0',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:abcdefghijklmnopqrstuv',
    ],
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
    ...['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=setup:actpass', 'a=mid:0'],
    ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:1', 'a=sendonly', 'a=rtpmap:111 opus/48000/2'],
    ...[`a=msid:stream${number} track`, `a=ssrc:${1000 + number} cname:c`],
  ];
  plugin.send(sdpType, { type: 'offer', sdp: sdp.map((line) => `${line}\r\n`).join('') });
  await eventually(() =>
    plugin.received.some((message) => descriptionOf(message)?.type === 'answer') ? undefined : 'no answer',
  );
  plugin.send(mute);
  return plugin;
}

/** Voices that a page receives, by the session that sends them. */
const voicesAt = ({ page }: User): Promise<string[]> =>
  page.evaluate('client.tracks.filter(({ ended }) => !ended).map(({ stream }) => stream)');

async function receives(user: User, count: number): Promise<void> {
  await eventually(
    async () => {
      const voices = await voicesAt(user);
      const errors = await errorsOf(user);
      return voices.length === count ? undefined : `${voices.length} of ${count} voices ${errors.join()}`;
    },
    { timeoutMs: 30_000 },
  );
}

describe.each([
  ['Chromium', launchChromium, () => Promise.resolve('127.0.0.1')],
  ['Firefox', launchFirefox, routeAddress],
])('in a call of a hundred who each spoke once, %s', (_name, launch, addressFor) => {
  let harness: Harness;
  let browser: CallBrowser;
  let members: readonly PluginSession[];

  beforeAll(async () => {
    harness = await startHarness({ addresses: [await addressFor()], clock: patient });
    const made: PluginSession[] = [];
    for (let number = 0; number < 100; number += 1) made.push(await member(harness, number));
    members = made;
    browser = await startBrowser(harness, launch);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await harness.close();
  });

  test('gets the voices that were muted last, and back whoever unmutes; its offers and answers fit', async () => {
    const ann = await browser.enter('crowd', 'ann');
    await receives(ann, 57);
    expect(await voicesAt(ann)).toContain('member99');
    expect(await voicesAt(ann)).not.toContain('member0');

    await ann.page.evaluate('client.withLock(() => client.pc.restartIce())'); // Any offer lists all lines.
    members[0]?.send(unmute);
    await eventually(async () =>
      (await voicesAt(ann)).includes('member0') ? undefined : 'member0 has no line',
    );
    await receives(ann, 57);
    expect(await voicesAt(ann)).not.toContain('member43');

    const sizes: Record<string, number[]> = await ann.page.evaluate('client.sizes');
    for (const size of Object.values(sizes).flat()) expect(size).toBeLessThan(pluginTakesBytes);
    expect(Math.max(...(sizes['offer'] ?? []))).toBeGreaterThan(20_000);
    expect(Math.max(...(sizes['answer'] ?? []))).toBeGreaterThan(20_000);
    expect((await statsOf(ann)).state).toBe('connected');
    for (const plugin of members) plugin.leave();
    await browser.clear();
  }, 120_000);
});
