/** Firefox beside Chromium: it names its streams, payload types and extensions otherwise. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, hears, seenBy, sees, startBrowser, type User } from './browser.ts';
import { routeAddress } from '../../support/routeAddress.ts';
import { launchFirefox } from './firefox.ts';
import { type Harness, startHarness } from './harness.ts';
import { hideWebcam, share, showWebcam, stopSharing } from './shares.ts';

let harness: Harness;
let firefox: CallBrowser;
let chromium: CallBrowser;

beforeAll(async () => {
  harness = await startHarness({ addresses: [await routeAddress()] });
  [firefox, chromium] = await Promise.all([startBrowser(harness, launchFirefox), startBrowser(harness)]);
}, 60_000);

afterEach(async () => {
  // Sessions are counted for both browsers together.
  await Promise.all([firefox.clear(), chromium.clear()]);
});

afterAll(async () => {
  await Promise.all([firefox.close(), chromium.close()]);
  await harness.close();
});

/** The tone of the microphone that Firefox makes up. */
const fakeHz = 1000;

/** Sound that Firefox receives cannot be measured there without a loudspeaker: its packets are counted. */
async function receivesSound(user: User, stream: string): Promise<void> {
  await eventually(async () => {
    const sound: { type: string; packets: number } = await user.page.evaluate(`client.soundOf('${stream}')`);
    const { type, packets } = sound;
    return type === 'screen-audio' && packets > 50 ? undefined : `${packets} packets of ${type}`;
  });
}

describe.each([
  ['through the plugin', false],
  ['on the data channel', true],
])('Firefox and Chromium, signalled %s', (_name, dcSignaling) => {
  const callID = `mixed-${dcSignaling}`;
  const id = (person: string): string => `${person}${dcSignaling ? 'data' : 'plugin'}`;
  const both = (): Promise<User[]> =>
    Promise.all([
      firefox.enter(callID, id('fay'), { dcSignaling }),
      chromium.enter(callID, id('ann'), { dcSignaling }),
    ]);
  const picture = (
    person: string,
    type: string,
    colour: string,
  ): { stream: string; type: string; colour: string } => ({ stream: id(person), type, colour });
  const isGone = (user: User, stream: string): Promise<void> =>
    eventually(async () => {
      const shown = (await seenBy(user)).filter((one) => one.stream === stream && !one.ended);
      return shown.length === 0 ? undefined : `still shown: ${JSON.stringify(shown)}`;
    });

  test('see and hear each other’s screens, one after the other, again and again', async () => {
    const [fay, ann] = (await both()) as [User, User];
    await share(fay, { colour: 'red', hasFakeSound: true });
    await sees(ann, picture('fay', 'screen', 'red'));
    await hears(ann, id('fay'), fakeHz);
    await stopSharing(fay);
    await isGone(ann, id('fay'));
    await share(ann, { colour: 'blue', hz: 880 });
    await sees(fay, picture('ann', 'screen', 'blue'));
    await receivesSound(fay, id('ann'));
    await stopSharing(ann);
    await isGone(fay, id('ann'));
    for (const user of [fay, ann]) await user.page.evaluate('client.noteLines()');
    for (const colour of ['lime', 'white']) {
      await share(fay, { colour });
      await sees(ann, picture('fay', 'screen', colour));
      await stopSharing(fay);
      await share(ann, { colour });
      await sees(fay, picture('ann', 'screen', colour));
      await stopSharing(ann);
    }
    for (const user of [fay, ann]) expect(await user.page.evaluate('client.moreLines()')).toBe(0);
  }, 90_000);

  test('see each other’s webcams beside a screen, also when one starts again without an offer', async () => {
    const [fay, ann] = (await both()) as [User, User];
    await showWebcam(fay, 'front', { colour: 'red' });
    await showWebcam(ann, 'front', { colour: 'blue' });
    await sees(ann, picture('fay', 'video', 'red'));
    await sees(fay, picture('ann', 'video', 'blue'));
    await share(ann, { colour: 'white' });
    await sees(fay, picture('ann', 'screen', 'white'));
    await hideWebcam(fay, 'front');
    await showWebcam(fay, 'back', { colour: 'lime' });
    await sees(ann, picture('fay', 'video', 'lime'));
  }, 90_000);
});
