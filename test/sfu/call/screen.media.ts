import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, leaveAll, seenBy, sees, startBrowser, type User } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let browser: CallBrowser;

beforeAll(async () => {
  harness = await startHarness();
  browser = await startBrowser(harness);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await harness.close();
});

/** Shares a picture as the web client does: the plugin is told, then come the tracks. */
async function share(user: User, picture: { readonly colour: string; readonly hz?: number }): Promise<void> {
  const stream = await user.page.evaluate(
    `(async () => (await client.share('screen', ${JSON.stringify(picture)})))()`,
  );
  user.plugin.send(rtcMessageType.screenOn, { screenStreamID: stream });
}

describe.each([
  ['through the plugin', false],
  ['on the data channel', true],
])('a screen shared in Chromium, signalled %s', (_name, dcSignaling) => {
  const callID = `screen-${dcSignaling}`;
  const id = (person: string): string => `${person}${dcSignaling ? 'data' : 'plugin'}`;

  test('is seen by all', async () => {
    const ann = await browser.enter(callID, id('ann'), { dcSignaling });
    const bob = await browser.enter(callID, id('bob'), { dcSignaling });
    await share(ann, { colour: 'red' });
    await sees(bob, { stream: id('ann'), type: 'screen', colour: 'red' });
    expect(await seenBy(ann)).toEqual([]);
    await eventually(() => undefined);
    await leaveAll(harness, [ann, bob]);
  }, 60_000);
});
