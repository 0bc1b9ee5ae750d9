import { describe, expect, test } from '@jest/globals';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type EnterOptions, hears, heardBy, statsOf, type User } from './browser.ts';
import { browserStage } from './browserStage.ts';

const stage = browserStage();

const enter = (callID: string, sessionID: string, options?: EnterOptions): Promise<User> =>
  stage.browser.enter(callID, sessionID, options);

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
    expect(stage.harness.service.counts().tracks).toMatchObject({ in: { voice: 3 }, out: { voice: 6 } });

    bob.plugin.leave();
    await eventually(async () =>
      (await heardBy(ann)).find((one) => one.stream === id('bob'))?.ended ? undefined : 'bob is still there',
    );
    const dan = await enter(callID, id('dan'), { dcSignaling });
    await dan.page.evaluate('client.speak(1760)');
    await hears(ann, id('dan'), 1760);
    await hears(cyd, id('dan'), 1760);
    expect((await statsOf(ann)).mids).toEqual(['s0 sendonly', 's1 inactive', 's3 recvonly', 's4 recvonly']);
    expect((await statsOf(ann)).srtp).toBe('SRTP_AEAD_AES_256_GCM');
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
    await eventually(async () => ((await heardBy(bob))[0]?.hz === 0 ? undefined : 'ann is still heard'));

    await ann.page.evaluate('client.unmute()');
    ann.plugin.send(rtcMessageType.unmute);
    await hears(bob, id('ann'), 440);
  }, 60_000);
});

test('Chromium is heard over ICE-TCP too', async () => {
  const ann = await enter('call-tcp', 'anntcp', { only: { protocol: 'tcp' } });
  const bob = await enter('call-tcp', 'bobtcp');
  await ann.page.evaluate('client.speak(440)');
  await bob.page.evaluate('client.speak(880)');
  await hears(bob, 'anntcp', 440);
  await hears(ann, 'bobtcp', 880);
  expect((await statsOf(ann)).remote).toMatch(/^tcp 127\.0\.0\.1:/);
  expect((await statsOf(bob)).remote).toMatch(/^udp 127\.0\.0\.1:/);
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
