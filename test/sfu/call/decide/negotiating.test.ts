import { describe, expect, test } from '@jest/globals';

import { answerTimeoutMs } from '../../../../sfu/call/decide/serverOffer.ts';
import { World } from './world.ts';

const mids = (world: World, sessionID: string): string[] =>
  world.session(sessionID).lines.map((line) => `${line.mid}${line.isRejected ? ' off' : ''}`);
const phase = (world: World, sessionID: string): string => world.session(sessionID).negotiation.phase;

/** Ann talks, Bob hears her. */
function talking(): World {
  const world = new World().enter('ann').enter('bob');
  world.unmute('ann');
  return world.consumed('bob', 's2').answer('bob');
}

describe('the seed', () => {
  test('follows the first message on the data channel: media map, then two idle lines', () => {
    const world = new World().join('ann').open('ann').offer('ann');
    world.happen({ type: 'transportConnected', sessionID: 'ann' });
    expect(world.session('ann').lock.owner).toBe('server');
    world.say('ann', '01');
    expect(world.said()).toEqual(['02', '0980']);
    const [offer] = world.described();
    expect(offer?.type).toBe('offer');
    expect(offer?.sdp.match(/a=(mid:.*|inactive)/g)).toEqual([
      'a=mid:0',
      'a=mid:s0',
      'a=inactive',
      'a=mid:s1',
      'a=inactive',
    ]);
    world.answer('ann');
    expect(world.session('ann').lock.owner).toBeNull();
  });

  test('brings the tracks of those who talk already in the same offer', () => {
    const world = talking().join('cyd').open('cyd').offer('cyd');
    world.happen({ type: 'transportConnected', sessionID: 'cyd' }).say('cyd', '01').consumed('cyd', 's2');
    expect(world.described()[0]?.sdp).toContain('a=group:BUNDLE 0 s0 s1 s2\r\n');
    expect(world.said()).toEqual(['0981a2733282a474797065a5766f696365a973656e6465725f6964a3616e6e']);
  });

  test('is left out for a client that offered media with other extension ids, and our lines carry none', () => {
    const world = new World().join('ann').open('ann');
    world.offer('ann', [{ mid: '1', direction: 'sendrecv', ssrc: 5, audioLevelID: 14 }]);
    world.produced('ann', '1');
    world.happen({ type: 'transportConnected', sessionID: 'ann' });
    expect(world.described()[0]?.sdp).toContain('a=extmap:14 ');
    world.enter('bob').unmute('bob');
    world.say('ann', '01');
    expect(world.asked('consume')).toMatchObject([{ sessionID: 'ann', withExtensions: false }]);
    world.consumed('ann', 's0');
    const extensions = world.described()[0]?.sdp.match(/a=extmap:\d+/g);
    expect(extensions).toEqual(['a=extmap:14']); // On the client's own line.
  });
});

describe('offers to everyone else', () => {
  test('a new voice is offered to all who are not its owner, paused until the answer', () => {
    const world = new World().enter('ann').enter('bob').enter('cyd');
    const producerID = world.unmute('ann');
    expect(world.asked('consume')).toEqual([
      { type: 'consume', sessionID: 'bob', mid: 's2', producerID, withExtensions: true, kind: 'audio' },
      { type: 'consume', sessionID: 'cyd', mid: 's2', producerID, withExtensions: true, kind: 'audio' },
    ]);
    world.consumed('bob', 's2');
    expect(world.described()[0]?.sdp).toContain(`a=msid:ann voice_ann_${producerID.slice(0, 8)}\r\n`);
    expect(world.asked('resumeConsumer')).toEqual([]);
    world.answer('bob');
    expect(world.asked('resumeConsumer')).toMatchObject([{ consumerID: 'consumer-bob-s2' }]);
  });

  test('what happens while an offer is out waits and goes into one offer together', () => {
    const world = new World().enter('ann').enter('bob').enter('cyd').enter('dan');
    world.unmute('ann');
    world.consumed('dan', 's2');
    world.unmute('bob');
    expect(world.asked('consume').map((one) => one.sessionID)).not.toContain('dan');
    world.unmute('cyd');
    world.answer('dan');
    expect(world.asked('consume').map(({ sessionID, mid }) => `${sessionID} ${mid}`)).toEqual([
      'dan s3',
      'dan s4',
    ]);
    world.consumed('dan', 's3');
    expect(world.described()).toEqual([]);
    world.consumed('dan', 's4');
    expect(world.described()).toHaveLength(1);
  });

  test('who leaves is taken off: the line is rejected, then used again under a new mid', () => {
    const world = talking().happen({ type: 'leave', sessionID: 'ann' });
    expect(world.asked('closeConsumer')).toMatchObject([{ consumerID: 'consumer-bob-s2' }]);
    expect(world.described()[0]?.sdp).toMatch(/m=audio 0 .*\r\n.*\r\na=mid:s2\r\na=inactive/);
    expect(mids(world, 'bob')).toEqual(['0', 's0', 's1', 's2 off']);
    world.enter('cyd');
    world.unmute('cyd');
    expect(phase(world, 'bob')).toBe('offered'); // The removal is not answered: its place is not free yet.
    world.answer('bob').consumed('bob', 's3');
    expect(mids(world, 'bob')).toEqual(['0', 's0', 's1', 's3']);
  });

  test('a line on which the client sends outlives the track that we sent on it', () => {
    const world = talking();
    world.offer('bob', [
      { mid: 's0' },
      { mid: 's1', kind: 'video' },
      { mid: 's2', direction: 'sendrecv', ssrc: 8 },
    ]);
    world.produced('bob', 's2');
    expect(world.described()[0]?.sdp).toMatch(/a=mid:s2\r\na=setup:passive\r\na=sendrecv/);
    world.happen({ type: 'leave', sessionID: 'ann' });
    expect(world.described()[0]?.sdp).toMatch(/a=mid:s2\r\na=setup:actpass\r\na=recvonly/);
  });

  test('a track that media cannot send is left out for good, the others go', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    world.happen({ type: 'failed', sessionID: 'bob', command: 'consume', mid: 's2', reason: 'no codec' });
    expect(world.reasons()).toContain('no codec');
    world.answer('bob');
    expect(phase(world, 'bob')).toBe('idle');
    expect(world.asked('consume')).toEqual([]);
  });

  test('a track that the client refuses is not offered again', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    world.consumed('bob', 's2').answer('bob', { s2: 'inactive' });
    expect(world.asked('closeConsumer')).toMatchObject([{ consumerID: 'consumer-bob-s2' }]);
    expect(world.asked('consume')).toEqual([]);
  });

  test('with dcSignaling our offers go over the data channel, after the media map', () => {
    const world = new World().enter('ann').enter('bob', { dcSignaling: true });
    world.unmute('ann');
    world.consumed('bob', 's2');
    expect(world.described()).toEqual([]);
    expect(world.said().map((hex) => hex.slice(0, 2))).toEqual(['09', '03']);
  });
});

describe('answers', () => {
  test('an offer without an answer is made again, three times, then only with something new', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    world.consumed('bob', 's2');
    expect(world.effects).toContainEqual({
      type: 'startTimer',
      sessionID: 'bob',
      timer: 'answer',
      delayMs: answerTimeoutMs,
    });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      world.happen({ type: 'timerFired', sessionID: 'bob', timer: 'answer' });
      expect(world.reasons()).toEqual(['no answer came in time']);
      expect(world.described()).toHaveLength(1);
    }
    world.happen({ type: 'timerFired', sessionID: 'bob', timer: 'answer' });
    expect(world.described()).toEqual([]);
    expect(world.session('bob').lock.owner).toBeNull();
    world.happen({ type: 'leave', sessionID: 'ann' });
    expect(world.described()).toHaveLength(1);
  });

  test('an answer to an earlier offer, come too late, is not taken for one to ours', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    world.consumed('bob', 's2').happen({ type: 'leave', sessionID: 'ann' });
    world.happen({ type: 'timerFired', sessionID: 'bob', timer: 'answer' });
    world.describe('bob', 'answer', [
      { mid: 's0' },
      { mid: 's1', kind: 'video' },
      { mid: 's2', direction: 'recvonly' },
    ]);
    expect(world.reasons()).toEqual(['answer keeps m-line 3, which our offer rejects']);
    expect(phase(world, 'bob')).toBe('offered');
  });

  test.each([
    ['nobody asked for', (world: World) => world.answer('bob'), 'no offer of ours is out'],
    [
      'with other lines',
      (world: World) => {
        world.unmute('ann');
        return world.consumed('bob', 's2').describe('bob', 'answer', [{ mid: 's0' }]);
      },
      'answer has 2 m-lines, our offer 4',
    ],
  ])('an answer %s is ignored with a reason', (_name, act, reason) => {
    const world = new World().enter('ann').enter('bob');
    act(world);
    expect(world.reasons()).toContain(reason);
  });
});
