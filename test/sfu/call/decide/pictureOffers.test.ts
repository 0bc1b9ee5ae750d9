/** How pictures enter and leave what is offered. */
import { describe, expect, test } from '@jest/globals';

import { mapLeadBaseMs } from '../../../../sfu/call/decide/mediaMap.ts';
import { off, picture, play, sound } from './shares.ts';
import { type OfferedLine, World } from './world.ts';

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
