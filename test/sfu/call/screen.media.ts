import { describe, expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type EnterOptions, hears, heardBy, seenBy, sees, type User } from './browser.ts';
import { browserStage } from './browserStage.ts';
import { prepare, type Picture, publish, share, stopSharing } from './shares.ts';

const stage = browserStage();

const nobodySees = (users: readonly User[], stream: string): Promise<void> =>
  eventually(async () => {
    const pictures = (await Promise.all(users.map(seenBy))).flat();
    const shown = pictures.filter((one) => one.stream === stream && !one.ended);
    return shown.length === 0 ? undefined : `still shown: ${JSON.stringify(shown)}`;
  });

const tracksOut = (expected: object): Promise<void> =>
  eventually(() => {
    const { out } = stage.harness.service.counts().tracks;
    const isSame = Object.entries(expected).every(([type, count]) => out[type as keyof typeof out] === count);
    return isSame ? undefined : JSON.stringify(out);
  });

describe.each([
  ['through the plugin', false],
  ['on the data channel', true],
])('a screen shared in Chromium, signalled %s', (_name, dcSignaling) => {
  const callID = `screen-${dcSignaling}`;
  const id = (person: string): string => `${person}${dcSignaling ? 'data' : 'plugin'}`;
  const enter = (person: string, options: EnterOptions = {}): Promise<User> =>
    stage.browser.enter(callID, id(person), { dcSignaling, ...options });
  const picture = (person: string, colour: string): { stream: string; type: string; colour: string } => ({
    stream: id(person),
    type: 'screen',
    colour,
  });

  test('is seen and heard by all, late joiners too, is gone when it ends, and another may follow', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    await share(ann, { colour: 'red', hz: 660 });
    await sees(bob, picture('ann', 'red'));
    await hears(bob, id('ann'), 660);
    expect((await heardBy(bob)).map(({ type }) => type)).toEqual(['screen-audio']);
    const cyd = await enter('cyd');
    await sees(cyd, picture('ann', 'red'));
    await hears(cyd, id('ann'), 660);
    expect(stage.harness.service.counts().tracks).toEqual({
      in: { voice: 0, screen: 1, screenAudio: 1, video: 0 },
      out: { voice: 0, screen: 2, screenAudio: 2, video: 0 },
    });

    await stopSharing(ann);
    await nobodySees([bob, cyd], id('ann'));
    await tracksOut({ screen: 0, screenAudio: 0 });
    expect((await heardBy(bob)).map(({ ended }) => ended)).toEqual([true]);

    await share(bob, { colour: 'blue' });
    await sees(ann, picture('bob', 'blue'));
    await sees(cyd, picture('bob', 'blue'));
    expect(await seenBy(bob)).toHaveLength(1); // Only what Ann had shown.
    await stopSharing(bob);
    await share(ann, { colour: 'lime' });
    await sees(bob, picture('ann', 'lime'));
    await sees(cyd, picture('ann', 'lime'));
    for (const user of [ann, bob, cyd]) await user.page.evaluate('client.noteLines()');
    for (const colour of ['red', 'blue', 'white']) {
      await stopSharing(ann);
      await share(ann, { colour });
      await sees(bob, picture('ann', colour));
    }
    for (const user of [ann, bob, cyd]) expect(await user.page.evaluate('client.moreLines()')).toBe(0);
  }, 90_000);

  test('by a second one is not shown before the first has stopped', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    await share(ann, { colour: 'red' });
    await sees(bob, picture('ann', 'red'));
    await share(bob, { colour: 'blue' });
    expect(stage.harness.log.map(({ reason }) => reason)).toContain(
      `session ${id('ann')} shares its screen already`,
    );
    expect(stage.harness.service.counts().tracks).toMatchObject({ in: { screen: 1 }, out: { screen: 1 } });
    expect(await seenBy(ann)).toEqual([]);
    await stopSharing(ann);
    bob.plugin.send(rtcMessageType.screenOn, { screenStreamID: await streamOf(bob) });
    await sees(ann, picture('bob', 'blue'));
  }, 60_000);

  test('is taken from all when the one who shares it leaves', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    await share(ann, { colour: 'red', hz: 660 });
    await sees(bob, picture('ann', 'red'));
    await hears(bob, id('ann'), 660);
    await ann.page.evaluate('client.leave()');
    await nobodySees([bob], id('ann'));
    await tracksOut({ screen: 0, screenAudio: 0 });
    await share(bob, { colour: 'blue' });
    expect(stage.harness.service.counts().tracks.in.screen).toBe(1);
  }, 60_000);

  test('is shown although its offer comes before the plugin says that it is one', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    const screen: Picture = { colour: 'red', hz: 660 };
    const stream = await prepare(ann, screen);
    await publish(ann, screen);
    expect(stage.harness.service.counts().tracks.in).toEqual({
      voice: 0,
      screen: 0,
      screenAudio: 0,
      video: 0,
    });
    ann.plugin.send(rtcMessageType.screenOn, { screenStreamID: stream });
    await sees(bob, picture('ann', 'red'));
    await hears(bob, id('ann'), 660);
  }, 60_000);

  test('in AV1 goes to those who know AV1, in VP8 to the others', async () => {
    const ann = await enter('ann', { av1Support: true });
    const bob = await enter('bob', { av1Support: true });
    const cyd = await enter('cyd');
    await share(ann, { colour: 'red', av1: true });
    await sees(bob, picture('ann', 'red'));
    await sees(cyd, picture('ann', 'red'));
    expect(await codecsOf(bob)).toEqual(['video/AV1']);
    expect(await codecsOf(cyd)).toEqual(['video/VP8']);
    expect(stage.harness.service.counts().tracks).toMatchObject({ in: { screen: 2 }, out: { screen: 2 } });
    await stopSharing(ann);
    await nobodySees([bob, cyd], id('ann'));
  }, 60_000);
});

const streamOf = ({ page }: User): Promise<string> => page.evaluate("client.shares.get('screen').stream.id");
const codecsOf = ({ page }: User): Promise<string[]> => page.evaluate('client.receivedCodecs()');
