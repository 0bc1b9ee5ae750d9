import { describe, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type EnterOptions, sees, statsOf, type User } from './browser.ts';
import { browserStage } from './browserStage.ts';
import { hideWebcam, pictureStats, share, showWebcam, stopSharing } from './shares.ts';

const stage = browserStage();

describe.each([
  ['through the plugin', false],
  ['on the data channel', true],
])('two with their webcams in Chromium, signalled %s', (_name, dcSignaling) => {
  const callID = `webcam-${dcSignaling}`;
  const id = (person: string): string => `${person}${dcSignaling ? 'data' : 'plugin'}`;
  const enter = (person: string, options: EnterOptions = {}): Promise<User> =>
    stage.browser.enter(callID, id(person), { dcSignaling, ...options });
  const webcam = (person: string, colour: string): { stream: string; type: string; colour: string } => ({
    stream: id(person),
    type: 'video',
    colour,
  });

  test('see each other, also when one stops and starts again without an offer', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    await showWebcam(ann, 'front', { colour: 'red' });
    await sees(bob, webcam('ann', 'red'));
    await showWebcam(bob, 'front', { colour: 'blue' });
    await sees(ann, webcam('bob', 'blue'));
    const { mids } = await statsOf(bob);

    await hideWebcam(ann, 'front');
    await stands(bob);
    await showWebcam(ann, 'back', { colour: 'lime' });
    await sees(bob, webcam('ann', 'lime'));
    expect((await statsOf(bob)).mids).toEqual(mids);
    expect(stage.harness.service.counts().tracks).toMatchObject({ in: { video: 2 }, out: { video: 2 } });
  }, 60_000);

  test('may share a screen beside it, which comes and goes alone', async () => {
    const ann = await enter('ann');
    const bob = await enter('bob');
    await ann.page.evaluate('client.speak(440)');
    await showWebcam(ann, 'front', { colour: 'red' });
    await share(ann, { colour: 'blue' });
    await sees(bob, webcam('ann', 'red'));
    await sees(bob, { stream: id('ann'), type: 'screen', colour: 'blue' });
    await stopSharing(ann);
    await eventually(() => {
      const { out } = stage.harness.service.counts().tracks;
      const left = `${out.voice} ${out.screen} ${out.video}`;
      return left === '1 0 1' ? undefined : `voice, screen, video: ${left}`;
    });
    await hideWebcam(ann, 'front');
    await showWebcam(ann, 'back', { colour: 'lime' });
    await sees(bob, webcam('ann', 'lime'));
  }, 60_000);

  test('get AV1 when both know it', async () => {
    const ann = await enter('ann', { av1Support: true });
    const bob = await enter('bob', { av1Support: true });
    await showWebcam(ann, 'front', { colour: 'red', av1: true });
    await sees(bob, webcam('ann', 'red'));
    expect(await bob.page.evaluate('client.receivedCodecs()')).toEqual(['video/AV1']);
  }, 60_000);
});

/** No more frames arrive. */
async function stands(user: User): Promise<void> {
  let before = -1;
  await eventually(
    async () => {
      const frames = (await pictureStats(user)).received.reduce((sum, one) => sum + one.frames, 0);
      const isStill = frames === before;
      before = frames;
      return isStill ? undefined : `${frames} frames so far`;
    },
    { intervalMs: 500 },
  );
}
