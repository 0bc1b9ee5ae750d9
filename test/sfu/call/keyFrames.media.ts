import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type Harness, startHarness } from './harness.ts';
import { askKeyFrame, sharePicture } from './picturePeer.ts';
import { endPeers, heard, Scene } from './scene.ts';

let harness: Harness;
let scene: Scene;
const timers: NodeJS.Timeout[] = [];

beforeAll(async () => {
  harness = await startHarness();
  scene = new Scene(harness, 'call');
});

afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  scene.end();
  await eventually(() => (harness.service.counts().sessions === 0 ? undefined : 'sessions remain'));
});

afterAll(async () => {
  await harness.close();
  endPeers();
});

test('however many receivers ask for key frames however often, the sender is asked once a second', async () => {
  const ann = await scene.enter('ann');
  const receivers = await Promise.all(['bob', 'cyd', 'dan'].map((name) => scene.enter(name)));
  ann.plugin.send(rtcMessageType.screenOn, { screenStreamID: 'S' });
  const picture = await sharePicture(ann, 'S');
  timers.push(setInterval(() => picture.send(), 100));
  await eventually(() => {
    const counts = receivers.map((one) => heard(one, ann));
    return counts.every((count) => count > 0) ? undefined : `packets: ${counts.join()}`;
  });
  const before = picture.askedAtMs.length;
  const sinceMs = performance.now();
  for (const receiver of receivers) timers.push(setInterval(() => askKeyFrame(receiver), 50));
  await eventually(() => {
    const more = picture.askedAtMs.length - before;
    return more >= 4 ? undefined : `asked ${more} times`;
  });
  // A share of a second for what was under way when counting began.
  expect(picture.askedAtMs.length - before).toBeLessThanOrEqual((performance.now() - sinceMs) / 1000 + 1);
}, 30_000);
