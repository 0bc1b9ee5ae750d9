import { describe, expect, test } from '@jest/globals';

import { mapLeadBaseMs } from '../../../../sfu/call/decide/mediaMap.ts';
import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import { type OfferedLine, World } from './world.ts';

const screenOff = rtcMessageType.screenOff;
const picture: OfferedLine = { mid: '1', kind: 'video', direction: 'sendrecv', ssrc: 50, stream: 'S' };
const sound: OfferedLine = { mid: 's0', direction: 'sendrecv', ssrc: 60, stream: 'S' };
const webcam: OfferedLine = { mid: '1', kind: 'video', direction: 'sendrecv', ssrc: 70, stream: 'V' };
const off = (line: OfferedLine): OfferedLine => ({
  mid: line.mid,
  kind: line.kind ?? 'audio',
  direction: 'inactive',
});

/** What can happen around a share of Ann's, one step each. */
const steps: Readonly<Record<string, (world: World) => unknown>> = {
  screenOn: (world) => world.announce('ann', 'screenStreamID', 'S'),
  screenOff: (world) => world.rtc('ann', screenOff),
  videoOn: (world) => world.announce('ann', 'videoStreamID', 'V'),
  videoOnAgain: (world) => world.announce('ann', 'videoStreamID', 'never in any description'),
  videoOff: (world) => world.rtc('ann', rtcMessageType.videoOff),
  picture: (world) => world.change('ann', [picture]).produced('ann', '1'),
  pictureAgain: (world) => world.change('ann', [{ ...picture, mid: '2' }]).produced('ann', '2'),
  sound: (world) => world.change('ann', [sound]).produced('ann', 's0'),
  pictureOff: (world) => world.change('ann', [off(picture)]),
  soundOff: (world) => world.change('ann', [off(sound)]),
  voice: (world) => world.change('ann', [{ ...sound, stream: 'microphone' }]).produced('ann', 's0'),
  webcam: (world) => world.change('ann', [webcam]).produced('ann', '1'),
  leave: (world) => world.happen({ type: 'leave', sessionID: 'ann' }),
};

/** Ann and Bob are in; every step is followed by all that it brings about. */
function play(names: string): World {
  const world = new World().enter('ann').enter('bob');
  for (const name of names.split(' ')) {
    const step = steps[name];
    if (step === undefined) throw new Error(`no step ${name}`);
    step(world);
    world.settle();
  }
  return world;
}

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

describe('the media map goes ahead', () => {
  const maps = (world: World): string[] => world.said().filter((hex) => hex.startsWith('09'));
  const offers = (world: World): number => world.described().filter(({ type }) => type === 'offer').length;

  /** Ann shares; Bob's track is made ready. */
  function shared(props: { readonly dcSignaling?: boolean } = {}): World {
    const world = new World().enter('ann').enter('bob', props).announce('ann', 'screenStreamID', 'S');
    world.change('ann', [picture]);
    world.produced('ann', '1');
    return world;
  }

  test('of an offer with a picture that takes the other path, by a round trip and some', () => {
    const world = shared().say('bob', '05cb3fa999999999999a').consumed('bob', 's2');
    expect(maps(world)).toEqual(['0981a2733282a474797065a673637265656ea973656e6465725f6964a3616e6e']);
    expect(offers(world)).toBe(0);
    expect(world.effects).toContainEqual({
      type: 'startTimer',
      sessionID: 'bob',
      timer: 'mediaMap',
      delayMs: mapLeadBaseMs + 50,
    });
    world.happen({ type: 'timerFired', sessionID: 'bob', timer: 'mediaMap' });
    expect(offers(world)).toBe(1);
    expect(maps(world)).toEqual([]);
  });

  test('in the same breath on the data channel, which keeps order', () => {
    const world = shared({ dcSignaling: true }).consumed('bob', 's2');
    expect(world.said().map((hex) => hex.slice(0, 2))).toEqual(['09', '03']);
  });

  test('and what was made ready is given back when a client’s offer comes between', () => {
    const world = shared().consumed('bob', 's2').change('bob', []);
    expect(world.asked('closeConsumer')).toMatchObject([{ consumerID: 'consumer-bob-s2' }]);
    expect(world.effects).toContainEqual({ type: 'cancelTimer', sessionID: 'bob', timer: 'mediaMap' });
    expect(world.settle().seen('bob')).toEqual(['s3 screen vp8']);
  });
});

test('the line of a picture that is gone is taken again by the next picture, under a new mid, never by a voice', () => {
  const world = play('screenOn picture pictureOff screenOff');
  world.unmute('ann');
  world.settle();
  expect(world.seen('bob')).toEqual(['s3 voice opus']);
  expect(world.session('bob').lines).toHaveLength(5);
  world.announce('ann', 'screenStreamID', 'S').change('ann', [{ ...picture, mid: '2' }]);
  world.produced('ann', '2');
  world.settle();
  expect(world.seen('bob')).toEqual(['s4 screen vp8', 's3 voice opus']);
  expect(world.session('bob').lines).toHaveLength(5);
});

describe('the line that a client made for a picture', () => {
  const isOff = (world: World, mid: string): boolean | undefined =>
    world.session('ann').lines.find((line) => line.mid === mid)?.isRejected;

  test('is rejected when the picture has gone, so that the client may use its place again', () => {
    const world = play('screenOn picture').change('ann', [off(picture)]);
    expect(world.described()[0]?.sdp).toMatch(/m=video 0 .*\r\n.*\r\na=mid:1\r\na=inactive/);
    expect(isOff(world, '1')).toBe(true);
  });

  test('stays while it is idle before its picture has come', () => {
    const world = new World().enter('ann').change('ann', [off(picture)]);
    expect(isOff(world, '1')).toBe(false);
  });

  test('stays when it is one of ours', () => {
    const world = new World().enter('ann').change('ann', [{ ...picture, mid: 's1' }]);
    world.produced('ann', 's1');
    world.change('ann', [off({ ...picture, mid: 's1' })]);
    expect(isOff(world, 's1')).toBe(false);
  });
});

test('a line that old clients set to send without a track keeps what it carries, and brings nothing', () => {
  const world = play('screenOn picture');
  world.change('bob', [{ mid: 's2', kind: 'video', direction: 'sendrecv', ssrc: 90, stream: '-' }]);
  expect(world.asked('produce')).toEqual([]);
  expect(world.seen('bob')).toEqual(['s2 screen vp8']);
  expect(world.described()[0]?.sdp).toMatch(/a=mid:s2\r\na=setup:passive\r\na=sendonly/);
});

test('pictures, sound and voice that come while an offer is out go into one offer together', () => {
  const world = play('screenOn');
  world.change('ann', [picture]);
  world.produced('ann', '1');
  world.consumed('bob', 's2').happen({ type: 'timerFired', sessionID: 'bob', timer: 'mediaMap' });
  world.change('ann', [sound]);
  world.produced('ann', 's0');
  world.change('ann', [{ mid: '2', direction: 'sendrecv', ssrc: 80, stream: 'microphone' }]);
  world.produced('ann', '2');
  world.answer('bob');
  expect(world.asked('consume').map(({ mid }) => mid)).toEqual(['s3', 's4']);
});

test('the layers of a picture in simulcast are one track, and our offers keep saying that we take them', () => {
  const layers: OfferedLine = {
    mid: '1',
    kind: 'video',
    direction: 'sendrecv',
    stream: 'S',
    rids: ['l', 'h'],
  };
  const world = new World().enter('ann').enter('bob').announce('ann', 'screenStreamID', 'S');
  world.change('ann', [layers]);
  expect(world.asked('produce')).toMatchObject([{ rtp: { encodings: [{ rid: 'l' }, { rid: 'h' }] } }]);
  world.produced('ann', '1');
  const mirrored = /a=mid:1\r\n[^]*a=rid:l recv\r\na=rid:h recv\r\na=simulcast:recv l;h\r\n/;
  expect(world.described()[0]?.sdp).toMatch(mirrored);
  expect(world.settle().seen('bob')).toEqual(['s2 screen vp8']);
  world.unmute('bob');
  world.consumed('ann', 's2');
  expect(world.described()[0]?.sdp).toMatch(mirrored);
});

test('a receiver that gets another layer is a line in the log, and nothing else', () => {
  const world = play('screenOn picture');
  world.happen({ type: 'layerChanged', sessionID: 'bob', mid: 's2', layer: 1 });
  expect(world.effects).toMatchObject([
    { type: 'log', level: 'debug', fields: { sessionID: 'bob', layer: 1 } },
  ]);
});
