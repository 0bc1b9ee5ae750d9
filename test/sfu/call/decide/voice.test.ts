import { expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import type { Effect } from '../../../../sfu/call/effects.ts';
import { World } from './world.ts';

const { mute, unmute, voiceOn, voiceOff } = rtcMessageType;

/** Types of the vad messages among effects. */
const vad = (effects: readonly Effect[]): number[] =>
  effects.flatMap((effect) =>
    effect.type === 'send' && effect.message.type === 'vad' ? [effect.message.message.type] : [],
  );

/** Levels that vary as speech does, and such as do not. */
const speech = Array.from({ length: 60 }, (_, index) => 20 + (index % 2) * 40);
const hush = Array<number>(60).fill(60);

function speaker(): { readonly world: World; readonly hear: (levels: readonly number[]) => World } {
  const world = new World().enter('ann');
  const producerID = world.unmute('ann');
  return { world, hear: (levels) => world.happen({ type: 'levels', tracks: [{ producerID, levels }] }) };
}

test('mute pauses the voice and unmute resumes it', () => {
  const { world } = speaker();
  expect(world.rtc('ann', mute).asked('pauseProducer')).toMatchObject([{ producerID: 'producer1' }]);
  expect(world.rtc('ann', unmute).asked('resumeProducer')).toMatchObject([{ producerID: 'producer1' }]);
});

test('mute says VoiceOff, even to silence', () => {
  expect(vad(speaker().world.rtc('ann', mute).effects)).toEqual([voiceOff]);
});

test('without a voice mute and unmute do nothing', () => {
  const world = new World().enter('ann');
  expect(world.rtc('ann', mute).effects).toEqual([]);
  expect(world.rtc('ann', unmute).effects).toEqual([]);
});

test('speech says VoiceOn once, with all ids', () => {
  const { world, hear } = speaker();
  expect(vad(hear(speech).effects)).toEqual([voiceOn]);
  expect(world.effects).toEqual([
    {
      type: 'send',
      connID: 'conn1',
      message: {
        type: 'vad',
        message: { groupID: 'group', userID: 'user-ann', sessionID: 'ann', callID: 'call', type: voiceOn },
      },
    },
  ]);
  expect(vad(hear(speech).effects)).toEqual([]);
});

test('a second of silence says VoiceOff, two seconds after VoiceOn at the earliest', () => {
  const { world, hear } = speaker();
  hear(speech);
  world.nowMs += 1_999;
  expect(vad(hear(hush).effects)).toEqual([]);
  world.nowMs += 1;
  expect(vad(hear(hush).effects)).toEqual([voiceOff]);
});

test('levels of a muted voice are late and mean nothing; after the unmute a second is heard anew', () => {
  const { world, hear } = speaker();
  world.rtc('ann', mute);
  expect(vad(hear(speech).effects)).toEqual([]);
  world.rtc('ann', unmute);
  expect(vad(hear(speech.slice(0, 50)).effects)).toEqual([]);
  expect(vad(hear(speech.slice(0, 1)).effects)).toEqual([voiceOn]);
});

test('a speaker whose microphone is taken away no longer speaks', () => {
  const { world, hear } = speaker();
  hear(speech);
  world.change('ann', [{ mid: 's0', direction: 'inactive' }]);
  expect(vad(world.effects)).toEqual([voiceOff]);
  expect(vad(world.change('ann', []).effects)).toEqual([]);
});

test('levels of tracks that are gone mean nothing', () => {
  const { world } = speaker();
  world.happen({ type: 'levels', tracks: [{ producerID: 'gone', levels: speech }] });
  expect(world.effects).toEqual([]);
});

test.each([
  ['loss', '0400', 'clientLossRate', 0],
  ['round trip', '05cb3fa999999999999a', 'clientRtt', 0.05],
  ['jitter', '0601', 'clientJitter', 1],
])('%s that a client reports reaches the metrics', (...[, hex, timing, value]) => {
  const world = new World().enter('ann').say('ann', hex);
  expect(world.effects).toEqual([{ type: 'timing', timing, value }]);
});

test('a text ping is answered with a text pong, a DCEP open with its ack', () => {
  const world = new World().enter('ann');
  world.happen({ type: 'dataReceived', sessionID: 'ann', ppid: 51, data: Buffer.from('ping') });
  expect(world.asked('sendData')).toMatchObject([{ ppid: 51, data: Buffer.from('pong') }]);
  world.happen({ type: 'dataReceived', sessionID: 'ann', ppid: 50, data: Buffer.from([3, 0]) });
  expect(world.asked('sendData')).toMatchObject([{ ppid: 50, data: Uint8Array.of(2) }]);
});

test('a message of a type that we do not know is ignored with a reason', () => {
  const world = new World().enter('ann').rtc('ann', 11);
  expect(world.reasons()).toEqual(['unknown type']);
});
