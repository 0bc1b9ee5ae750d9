import { describe, expect, test } from '@jest/globals';

import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import { picture, play } from './shares.ts';
import { type OfferedLine, World } from './world.ts';

const screenOff = rtcMessageType.screenOff;

describe('what Bob gets, whatever comes first', () => {
  const screen = ['screen vp8'];
  const withSound = ['screen vp8', 'screen-audio opus'];
  test.each([
    ['screenOn picture', screen],
    ['picture screenOn', screen],
    ['picture', []],
    ['screenOn picture sound', withSound],
    ['picture sound screenOn', withSound],
    ['picture screenOn sound', withSound],
    ['screenOn sound picture', ['screen-audio opus', 'screen vp8']],
    ['picture sound', []],
    ['screenOn voice picture', ['voice opus', 'screen vp8']],
    ['screenOn picture sound screenOff', []],
    ['screenOn picture sound screenOff screenOn', withSound],
    ['screenOn picture sound pictureOff', ['screen-audio opus']],
    ['screenOn picture sound screenOff pictureOff', []],
    ['screenOn picture sound pictureOff soundOff screenOff', []],
    ['screenOn picture screenOff pictureOff pictureAgain', []],
    ['screenOn picture sound pictureOff soundOff screenOff screenOn pictureAgain', screen],
    ['screenOn picture sound leave', []],
    ['webcam', []],
    ['webcam videoOn', ['video vp8']],
    ['videoOn webcam', ['video vp8']],
    ['webcam videoOn videoOff', ['video vp8']],
    ['webcam videoOn videoOff videoOnAgain', ['video vp8']],
    ['webcam videoOnAgain', []],
    ['webcam screenOn', []],
    ['picture videoOn', []],
  ])('%s', (names, expected) => {
    const world = play(names);
    expect(
      world
        .seen('bob')
        .map((line) => line.slice(line.indexOf(' ') + 1))
        .sort(),
    ).toEqual([...expected].sort());
    if (!names.includes('leave')) expect(world.seen('ann')).toEqual([]);
  });

  test('what waits says why', () => {
    const world = new World().enter('ann').change('ann', [picture]);
    world.produced('ann', '1');
    expect(world.reasons()).toEqual(['its stream is not announced as screen or webcam']);
  });
});

describe('one screen at a time', () => {
  test('a second sharer is refused with the name of the first, and may follow when that one stops', () => {
    const world = play('screenOn picture').announce('bob', 'screenStreamID', 'T');
    expect(world.reasons()).toEqual(['session ann shares its screen already']);
    world.change('bob', [{ ...picture, stream: 'T' }]);
    world.produced('bob', '1');
    world.settle();
    expect(world.served()).toEqual(['ann screen vp8']);
    world.rtc('ann', screenOff).announce('bob', 'screenStreamID', 'T').settle();
    expect(world.served()).toEqual(['bob screen vp8']);
    expect(world.seen('ann')).toEqual(['s2 screen vp8']);
    expect(world.seen('bob')).toEqual([]);
  });

  test('a sharer that leaves makes room', () => {
    const world = play('screenOn picture leave').announce('bob', 'screenStreamID', 'T');
    expect(world.call.screen).toEqual({ sessionID: 'bob', streamID: 'T' });
  });

  test('who does not share cannot stop the share of another', () => {
    const world = play('screenOn picture').rtc('bob', screenOff);
    expect(world.reasons()).toEqual(['session does not share its screen']);
    expect(world.seen('bob')).toEqual(['s2 screen vp8']);
  });

  test('the stream of another session’s share is not one’s own', () => {
    const world = play('screenOn').change('bob', [picture]);
    world.produced('bob', '1');
    expect(world.settle().served()).toEqual([]);
  });

  test.each([
    ['no JSON', '', 'message has no screenStreamID'],
    ['another key', '{"streamID":"S"}', 'message has no screenStreamID'],
    ['no text', '{"screenStreamID":5}', 'message has no screenStreamID'],
    [
      'a long name',
      JSON.stringify({ screenStreamID: 'x'.repeat(257) }),
      'screenStreamID is longer than 256 characters',
    ],
  ])('an announcement with %s is refused', (_name, json, reason) => {
    const world = new World().enter('ann').rtc('ann', rtcMessageType.screenOn, Buffer.from(json));
    expect(world.reasons()).toEqual([reason]);
    expect(world.call.screen).toBeNull();
  });
});

describe('mute', () => {
  test('of the one who shares silences the voice, not the sound of the screen', () => {
    const world = play('screenOn picture sound');
    world.change('ann', [{ mid: '2', direction: 'sendrecv', ssrc: 80, stream: 'microphone' }]);
    const voice = world.produced('ann', '2');
    world.rtc('ann', rtcMessageType.mute);
    expect(world.asked('pauseProducer')).toEqual([
      { type: 'pauseProducer', sessionID: 'ann', producerID: voice },
    ]);
  });
});

describe('AV1 goes to those who know it, from those who know it', () => {
  const av1: OfferedLine = { ...picture, mid: '2', ssrc: 51, codec: 'AV1' };
  test.each([
    [true, true, 'VP8 and AV1', 'screen av1'],
    [true, false, 'VP8 and AV1', 'screen vp8'],
    [false, true, 'VP8 and AV1', 'screen vp8'],
    [false, false, 'VP8 and AV1', 'screen vp8'],
    [true, true, 'VP8', ''],
    [true, false, 'VP8', 'screen vp8'],
  ])('sender %s, receiver %s, sent as %s', (...[sends, receives, codecs, expected]) => {
    const world = new World().enter('ann', { av1Support: sends }).enter('bob', { av1Support: receives });
    world.announce('ann', 'screenStreamID', 'S').change('ann', [picture]);
    world.produced('ann', '1');
    if (codecs.includes('AV1')) {
      world.settle().change('ann', [av1]);
      world.produced('ann', '2');
    }
    world.settle();
    expect(world.seen('bob').map((line) => line.slice(3))).toEqual(expected === '' ? [] : [expected]);
  });
});
