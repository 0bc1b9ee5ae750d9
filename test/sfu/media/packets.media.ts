import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { observer } from 'mediasoup';
import type { Producer } from 'mediasoup/types';

import type { PacketCounts } from '../../../sfu/media/port.ts';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type Harness, startHarness } from '../call/harness.ts';
import { endPeers, hears, Scene, unmute } from '../call/scene.ts';

let harness: Harness;
let scene: Scene;
/** Voices in the order in which they came in. */
const voices: Producer[] = [];

beforeAll(async () => {
  observer.on('newworker', (worker) =>
    worker.observer.on('newrouter', (router) =>
      router.observer.on('newtransport', (transport) =>
        transport.observer.on('newproducer', (producer) => void voices.push(producer)),
      ),
    ),
  );
  harness = await startHarness({ packetIntervalMs: 50 });
  scene = new Scene(harness, 'call');
});

afterAll(async () => {
  scene.end();
  await harness.close();
  endPeers();
});

/** Waits until more packets were counted each way than `before`. */
const grows = (before: PacketCounts): Promise<void> =>
  eventually(() => {
    const now = harness.media.packets();
    const isMore = now.in > before.in && now.out > before.out;
    return isMore ? undefined : `more than ${JSON.stringify(before)}: ${JSON.stringify(now)}`;
  });

/** Counts how often a voice is asked from now on. */
function questionsTo(voice: Producer): () => number {
  const ask = voice.getStats.bind(voice);
  let questions = 0;
  voice.getStats = () => {
    questions += 1;
    return ask();
  };
  return () => questions;
}

test('packets of a voice are counted in and out while it lasts, and once it is muted it is not asked', async () => {
  const ann = await scene.enter('ann');
  const bob = await scene.enter('bob');
  await unmute(ann);
  scene.talk(ann);
  await hears(bob, ann);
  await grows({ in: 0, out: 0 });
  await grows(harness.media.packets());
  expect(harness.media.egressBitsPerSecond()).toBeGreaterThan(0);
  const [voice] = voices;
  const questions = questionsTo(voice!);
  await eventually(() => (questions() > 0 ? undefined : 'a question to the voice that is heard'));
  ann.plugin.send(rtcMessageType.mute);
  await eventually(() => (voice?.paused === true ? undefined : 'the mute'));
  const before = questions();
  await unmute(bob);
  scene.talk(bob);
  await grows(harness.media.packets());
  await grows(harness.media.packets());
  expect(questions()).toBe(before);
});
