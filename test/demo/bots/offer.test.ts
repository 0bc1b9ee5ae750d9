import { expect, test } from '@jest/globals';

import { audioLevelId, sendersByMid } from '../../../demo/bots/offer.ts';

/** One media section; `more` are further lines. */
const audio = (mid: string, direction: string, ...more: readonly string[]): string =>
  [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    `a=mid:${mid}`,
    'a=rtpmap:111 opus/48000/2',
    `a=${direction}`,
    ...more,
  ].join('\r\n');
const offer = (...media: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ...media, ''].join('\r\n');

test('a voice belongs to the session in its stream id, under names and under numbers', () => {
  const sdp = offer(
    audio('s0', 'sendonly', 'a=msid:ada voice_ada_1'),
    audio('1', 'sendrecv', 'a=msid:bruno voice_bruno_1'),
  );
  expect([...sendersByMid(sdp)]).toEqual([
    ['s0', 'ada'],
    ['1', 'bruno'],
  ]);
});

test('the stream id is found on the source, too', () => {
  expect([...sendersByMid(offer(audio('0', 'sendonly', 'a=ssrc:7 msid:ada voice_ada_1')))]).toEqual([
    ['0', 'ada'],
  ]);
});

test.each([
  ['inactive', audio('0', 'inactive', 'a=msid:ada x')],
  ['only received', audio('0', 'recvonly', 'a=msid:ada x')],
  ['rejected', audio('0', 'sendonly', 'a=msid:ada x').replace('audio 9', 'audio 0')],
])('a line that is %s carries nobody', (_, line) => {
  expect(sendersByMid(offer(line)).size).toBe(0);
});

test('the id of audio levels is the one that the server offers', () => {
  const extension = 'a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level';
  expect(audioLevelId(offer(audio('0', 'inactive', extension)))).toBe(6);
  expect(audioLevelId(offer(audio('0', 'inactive')))).toBeUndefined();
});
