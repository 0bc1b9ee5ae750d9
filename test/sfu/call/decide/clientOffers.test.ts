/** What a client's own offer does. */
import { describe, expect, test } from '@jest/globals';

import { World } from './world.ts';

const mids = (world: World, sessionID: string): string[] =>
  world.session(sessionID).lines.map((line) => `${line.mid}${line.isRejected ? ' off' : ''}`);

/** Ann talks, Bob hears her. */
function talking(): World {
  const world = new World().enter('ann').enter('bob');
  world.unmute('ann');
  return world.consumed('bob', 's2').answer('bob');
}

describe('offers of clients', () => {
  test('while ours is out a client’s is ignored: the client makes it again', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    world.consumed('bob', 's2').offer('bob', [{ mid: 's0', direction: 'sendrecv', ssrc: 5 }]);
    expect(world.reasons()).toEqual(['ours is not answered yet']);
    expect(world.asked('produce')).toEqual([]);
  });

  test('while ours is being prepared a client’s comes first, and ours starts afresh', () => {
    const world = new World().enter('ann').enter('bob');
    world.unmute('ann');
    expect(world.session('bob').negotiation.phase).toBe('preparing');
    world.offer('bob', [{ mid: 's0' }, { mid: 's1', kind: 'video' }]);
    expect(world.described()).toMatchObject([{ type: 'answer' }]);
    expect(world.asked('consume')).toMatchObject([{ sessionID: 'bob', mid: 's3' }]);
    world.happen({
      type: 'consumed',
      sessionID: 'bob',
      mid: 's2',
      producerID: 'producer1',
      consumerID: 'late',
      ssrc: 1,
    });
    expect(world.asked('closeConsumer')).toMatchObject([{ consumerID: 'late' }]);
    world.consumed('bob', 's3');
    expect(mids(world, 'bob')).toEqual(['0', 's0', 's1', 's3']);
  });

  test('an offer that follows another waits for its answer', () => {
    const world = new World().enter('ann');
    world.offer('ann', [
      { mid: 's0', direction: 'sendrecv', ssrc: 5 },
      { mid: 's1', kind: 'video' },
    ]);
    world.offer('ann', [
      { mid: 's0', direction: 'inactive' },
      { mid: 's1', kind: 'video' },
    ]);
    expect(world.described()).toEqual([]);
    world.produced('ann', 's0');
    expect(world.described()).toHaveLength(2);
    expect(world.asked('closeProducer')).toHaveLength(1);
    expect(world.call.tracks.size).toBe(0);
  });

  test.each([
    ['no track', { mid: 's0', direction: 'sendrecv' }, 'no track is behind the line (msid)'],
    [
      'stream -',
      { mid: 's0', direction: 'sendrecv', ssrc: 5, stream: '-' },
      'no track is behind the line (msid)',
    ],
    [
      'video that has no track',
      { mid: '3', kind: 'video', direction: 'sendrecv', ssrc: 5, stream: '-' },
      'no track is behind the line (msid)',
    ],
  ] as const)('a line with %s is answered as idle, with a reason', (_name, line, reason) => {
    const world = new World().enter('ann');
    const base = line.mid === 's0' ? [] : [{ mid: 's0' }, { mid: 's1', kind: 'video' as const }];
    const lines = [...base, line, ...(line.mid === 's0' ? [{ mid: 's1', kind: 'video' as const }] : [])];
    world.offer('ann', lines);
    expect(world.asked('produce')).toEqual([]);
    expect(world.reasons()).toEqual([reason]);
    expect(world.described()[0]?.sdp).toMatch(
      new RegExp(`a=mid:${line.mid}\r\na=setup:passive\r\na=inactive`),
    );
  });

  test('a track that media cannot take is answered as idle, with media’s reason', () => {
    const world = new World().enter('ann');
    world.offer('ann', [
      { mid: 's0', direction: 'sendrecv', ssrc: 5 },
      { mid: 's1', kind: 'video' },
    ]);
    world.happen({
      type: 'failed',
      sessionID: 'ann',
      command: 'produce',
      mid: 's0',
      reason: 'ssrc is taken',
    });
    expect(world.reasons()).toEqual(['ssrc is taken']);
    expect(world.described()[0]?.sdp).toMatch(/a=mid:s0\r\na=setup:passive\r\na=inactive/);
  });

  test('lines that cannot follow the known ones are refused, and the session goes on', () => {
    const world = talking().offer('ann', [{ mid: 's0' }, { mid: 'other', kind: 'video' }]);
    expect(world.reasons()).toEqual(['m-line 2 changed mid from s1 to other']);
    expect(world.session('ann').negotiation.phase).toBe('idle');
  });

  test('a microphone that is taken away is taken from everyone', () => {
    const world = talking().offer('ann', [{ mid: 's0' }, { mid: 's1', kind: 'video' }]);
    expect(world.asked('closeProducer')).toHaveLength(1);
    expect(world.asked('closeConsumer')).toMatchObject([{ sessionID: 'bob' }]);
  });
});
