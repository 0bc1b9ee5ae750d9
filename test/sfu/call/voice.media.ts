import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { descriptionOf, type Harness, startHarness } from './harness.ts';
import { endPeers, hears, offers, Scene, stepsIn, talksMutesAndTalks, unmute } from './scene.ts';

let harness: Harness;
let scene: Scene;
let calls = 0;

beforeAll(async () => {
  harness = await startHarness();
});

beforeEach(() => {
  calls += 1;
  scene = new Scene(harness, `call-${calls}`);
});

afterEach(() => scene.end());

afterAll(async () => {
  await harness.close();
  endPeers();
});

test('two sessions hear each other, packet for packet, with the timestamps of the sender', async () => {
  const ann = await scene.enter('ann');
  const bob = await scene.enter('bob');
  await unmute(ann);
  await unmute(bob);
  scene.talk(ann);
  scene.talk(bob);
  await hears(bob, ann, 50);
  await hears(ann, bob, 50);
  expect(ann.pc.getSelectedCandidatePair()?.remote).toMatchObject({ address: '127.0.0.1' });
  expect(stepsIn(bob)).toEqual(new Set([1]));
  const ticks = bob.packets
    .slice(1)
    .map((packet, index) => packet.timestamp - (bob.packets[index]?.timestamp ?? 0));
  expect(new Set(ticks)).toEqual(new Set([960]));
});

test('a late joiner hears who talks already, in its first offer', async () => {
  const ann = await scene.enter('ann');
  await unmute(ann);
  scene.talk(ann);
  const bob = await scene.enter('bob');
  await hears(bob, ann);
  expect(offers(bob)).toBe(1);
  expect(harness.service.counts()).toMatchObject({
    calls: 1,
    sessions: 2,
    sessionsByGroup: { group: 2 },
    tracks: { in: { voice: 1 }, out: { voice: 1 } },
  });
});

test('mute stops the packets and unmute lets them flow again', async () => {
  const ann = await scene.enter('ann');
  const bob = await scene.enter('bob');
  await talksMutesAndTalks(scene, ann, bob);
});

test('who leaves is closed, and its track is withdrawn from the others', async () => {
  const ann = await scene.enter('ann');
  const bob = await scene.enter('bob');
  await unmute(ann);
  scene.talk(ann);
  await hears(bob, ann);
  ann.plugin.leave();
  await eventually(() =>
    harness.service.counts().tracks.out.voice === 0 ? undefined : 'track is still sent',
  );
  expect(ann.plugin.received.at(-1)).toEqual({ type: 'close', sessionID: 'ann' });
  await eventually(() => {
    const last = bob.plugin.received.flatMap((message) => descriptionOf(message) ?? []).at(-1);
    return last?.sdp.includes('m=audio 0 ') ? undefined : 'line is not rejected';
  });
});

test('pings are answered, binary and text, and unreadable messages end only their own session', async () => {
  const ann = await scene.enter('ann');
  const bob = await scene.enter('bob');
  ann.say('01');
  ann.channel.sendMessage('ping');
  await eventually(() =>
    ann.messages.includes('02') && ann.messages.includes('pong') ? undefined : ann.messages.join(),
  );
  for (let count = 0; count < 100; count += 1) ann.say('ff');
  await eventually(() => (harness.service.counts().sessions === 1 ? undefined : 'ann is still there'));
  expect(harness.log).toContainEqual(
    expect.objectContaining({
      sessionID: 'ann',
      msg: 'Closed session',
      reason: '100 unreadable messages, the last: unknown message type -1',
    }),
  );
  bob.say('01');
  await eventually(() => (bob.messages.includes('02') ? undefined : 'bob is not answered'));
});

test('a peer that closes its connection ends its session at once', async () => {
  const ann = await scene.enter('ann');
  ann.close();
  await eventually(() => (harness.service.counts().sessions === 0 ? undefined : 'ann is still there'), {
    timeoutMs: 5_000,
  });
  expect(ann.plugin.received.at(-1)).toEqual({ type: 'close', sessionID: 'ann' });
});
