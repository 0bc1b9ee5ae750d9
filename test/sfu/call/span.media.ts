/** One call over several workers. Which worker is full is said by the test, in place of the measurement. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type Counted, type Spread, startSpread } from './fullWorkers.ts';
import type { Peer } from './peer.ts';
import { askKeyFrame, sharePicture } from './picturePeer.ts';
import { endPeers, hears, Scene, stepsIn, talksMutesAndTalks, unmute } from './scene.ts';

let spread: Spread;
let scene: Scene;
let calls = 0;

beforeAll(async () => {
  spread = await startSpread(3);
});

afterEach(async () => {
  spread.empty();
  scene.end();
  await eventually(() => (count('sessions') === '0 0 0' ? undefined : count('sessions')));
});

afterAll(async () => {
  await spread.harness.close();
  endPeers();
});

const count = (what: Counted): string => spread.count(what);

/** A session on each of so many workers. */
async function onePerWorker(...sessionIDs: readonly string[]): Promise<Peer[]> {
  calls += 1;
  scene = new Scene(spread.harness, `span-${calls}`);
  const peers: Peer[] = [];
  for (const [index, sessionID] of sessionIDs.entries()) {
    await spread.fillUpTo(index);
    peers.push(await scene.enter(sessionID));
  }
  return peers;
}

test('two sessions on different workers hear each other, packet for packet', async () => {
  const [ann, bob] = (await onePerWorker('ann', 'bob')) as [Peer, Peer];
  expect([count('sessions'), count('pipes')]).toEqual(['1 1 0', '0 0 0']);
  await unmute(ann);
  await unmute(bob);
  scene.talk(ann);
  scene.talk(bob);
  await hears(bob, ann, 50);
  await hears(ann, bob, 50);
  expect([count('sessions'), count('pipes'), count('calls')]).toEqual(['1 1 0', '1 1 0', '1 1 0']);
  expect(stepsIn(bob)).toEqual(new Set([1]));
});

test('a track goes to each other worker once, and its pipes vanish with who leaves', async () => {
  const [ann, bob, eve] = (await onePerWorker('ann', 'bob', 'eve')) as [Peer, Peer, Peer];
  const joe = await scene.enter('joe');
  expect(count('sessions')).toBe('1 1 2');
  await unmute(ann);
  scene.talk(ann);
  for (const listener of [bob, eve, joe]) await hears(listener, ann);
  expect(count('pipes')).toBe('0 1 1');
  eve.plugin.leave();
  await hears(joe, ann);
  expect(count('pipes')).toBe('0 1 1');
  joe.plugin.leave();
  await eventually(() => (count('pipes') === '0 1 0' ? undefined : count('pipes')));
  await hears(bob, ann);
  ann.plugin.leave();
  await eventually(() => (count('pipes') === '0 0 0' ? undefined : count('pipes')));
});

test('a screen reaches the other workers, and wishes for key frames come back, once a second in all', async () => {
  const [ann, bob, eve] = (await onePerWorker('ann', 'bob', 'eve')) as [Peer, Peer, Peer];
  ann.plugin.send(rtcMessageType.screenOn, { screenStreamID: 'S' });
  const picture = await sharePicture(ann, 'S');
  const timers = [setInterval(() => picture.send(), 100)];
  await hears(bob, ann, 5);
  await hears(eve, ann, 5);
  const [before, sinceMs] = [picture.askedAtMs.length, performance.now()];
  for (const peer of [bob, eve]) timers.push(setInterval(() => askKeyFrame(peer), 50));
  await eventually(() => {
    const more = picture.askedAtMs.length - before;
    return more >= 3 ? undefined : `asked ${more} times`;
  });
  for (const timer of timers) clearInterval(timer);
  expect(picture.askedAtMs.length - before).toBeLessThanOrEqual((performance.now() - sinceMs) / 1000 + 1);
});

test('mute and unmute reach the other workers', async () => {
  const [ann, bob] = (await onePerWorker('ann', 'bob')) as [Peer, Peer];
  await talksMutesAndTalks(scene, ann, bob);
});

test('the plugin is told of speakers on every worker', async () => {
  const [ann, bob] = (await onePerWorker('ann', 'bob')) as [Peer, Peer];
  await unmute(ann);
  await unmute(bob);
  scene.talk(ann, 25);
  scene.talk(bob, 25);
  const isOn = (peer: Peer): boolean =>
    peer.plugin.received.some(
      (message) => message.type === 'vad' && message.message.type === rtcMessageType.voiceOn,
    );
  await eventually(() => (isOn(ann) && isOn(bob) ? undefined : `ann ${isOn(ann)}, bob ${isOn(bob)}`));
});

test('a dead worker ends only its sessions, with close within a second; the others go on, and who was lost rejoins', async () => {
  const [ann, bob, eve] = (await onePerWorker('ann', 'bob', 'eve')) as [Peer, Peer, Peer];
  await unmute(ann);
  await unmute(eve);
  scene.talk(ann);
  scene.talk(eve);
  await hears(bob, ann);
  await hears(ann, eve);
  const closes = ({ plugin }: Peer): number =>
    plugin.received.filter((message) => message.type === 'close').length;
  process.kill(spread.worker(2).pid!, 'SIGKILL');
  await eventually(() => (closes(eve) === 1 ? undefined : 'eve is not closed'), {
    timeoutMs: 1_000,
    intervalMs: 5,
  });
  const again = await scene.enter('eve');
  expect(spread.harness.media.trouble()).toBeUndefined();
  expect(spread.harness.service.counts().sessions).toBe(3);
  expect(count('deaths')).toBe('0 0 1');
  await hears(again, ann);
  await hears(bob, ann);
  expect([closes(ann), closes(bob)]).toEqual([0, 0]);
  await eventually(() => (count('pipes').startsWith('0 1 ') ? undefined : count('pipes')));
});
