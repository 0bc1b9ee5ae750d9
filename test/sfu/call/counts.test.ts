import { expect, test } from '@jest/globals';

import { countCalls, sentKindsOf } from '../../../sfu/call/counts.ts';
import { type Call, emptyCall, type Line, type Session, type Track } from '../../../sfu/call/state.ts';
import type { TrackType } from '../../../sfu/protocol/trackId.ts';

const outgoing = (type: TrackType, codec = 'opus'): Line => ({ outgoing: { type, codec } }) as Line;
const track = (producerID: string, type: TrackType, codec = 'opus'): Track => ({
  producerID,
  sessionID: 's',
  mid: '0',
  type,
  codec,
  mutedSinceMs: null,
});

function call(groupID: string, tracks: readonly Track[], lines: readonly Line[]): Call {
  return {
    ...emptyCall(groupID, 'call'),
    sessions: new Map([['s', { lines } as unknown as Session]]),
    tracks: new Map(tracks.map((one) => [one.producerID, one])),
  };
}

test('tracks are counted by kind over all, and for each client by direction and MIME type', () => {
  const calls = [
    call('a', [track('1', 'voice'), track('2', 'screen-audio')], []),
    call(
      'b',
      [track('3', 'screen', 'av1')],
      [outgoing('voice'), outgoing('video', 'vp8'), { outgoing: null } as Line],
    ),
  ];
  const counts = countCalls(calls);
  expect(counts).toMatchObject({ calls: 2, sessions: 2, largestCall: 1, sessionsByGroup: { a: 1, b: 1 } });
  expect(counts.tracks).toEqual({
    in: { voice: 1, screen: 1, screenAudio: 1, video: 0 },
    out: { voice: 1, screen: 0, screenAudio: 0, video: 1 },
  });
  expect(sentKindsOf(calls)).toEqual([
    { groupID: 'b', kind: 'voice' },
    { groupID: 'b', kind: 'screen' },
  ]);
  expect(counts.tracksByGroup).toEqual([
    { groupID: 'a', direction: 'in', mimeType: 'audio/opus', value: 2 },
    { groupID: 'b', direction: 'in', mimeType: 'video/AV1', value: 1 },
    { groupID: 'b', direction: 'out', mimeType: 'audio/opus', value: 1 },
    { groupID: 'b', direction: 'out', mimeType: 'video/VP8', value: 1 },
  ]);
});

test.each(['constructor', '__proto__', 'toString'])('a client may be called %s', (name) => {
  const { sessionsByGroup } = countCalls([call(name, [], [])]);
  expect(Object.entries(sessionsByGroup)).toEqual([[name, 1]]);
});

test('who can be heard or seen is counted over all calls, and when the last of the others was muted', () => {
  const muted = (producerID: string, mutedSinceMs: number): Track => ({
    ...track(producerID, 'voice'),
    mutedSinceMs,
  });
  const { sending } = countCalls([
    call('a', [track('1', 'voice'), muted('2', 10)], []),
    call('b', [muted('3', 30), muted('4', 20)], []),
  ]);
  expect(sending).toEqual({ tracks: 1, lastMuteMs: 30 });
  expect(countCalls([call('a', [], [])]).sending).toEqual({ tracks: 0, lastMuteMs: null });
});
