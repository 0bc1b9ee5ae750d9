import { describe, expect, test } from '@jest/globals';

import { decodeDataChannel, encodeDataChannel } from '../../../demo/protocol/dataChannel.ts';
import { deflate, inflate } from '../../../demo/protocol/deflate.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('a client sends', () => {
  test.each([
    ['a ping', encodeDataChannel('ping'), '01'],
    ['a lock request', encodeDataChannel('lock'), '07'],
    ['an unlock', encodeDataChannel('unlock'), '08'],
    ['a loss of nothing', encodeDataChannel('lossRate', 0), '0400'],
    ['a loss of one percent', encodeDataChannel('lossRate', 0.01), '04cb3f847ae147ae147b'],
    ['SDP', encodeDataChannel('sdp', Uint8Array.of(0x78, 0x9c)), '03c402789c'],
  ])('%s as the wire spec shows it', (_, message, expected) => {
    expect(hex(message)).toBe(expected);
  });
});

describe('a client understands', () => {
  test.each([
    ['a pong', '02', { type: 'pong' }],
    ['a pong of a Go server', 'cc02', { type: 'pong' }],
    ['a granted lock', '07c3', { type: 'lock', isGranted: true }],
    ['a granted lock of a Go server', 'cc07c3', { type: 'lock', isGranted: true }],
    ['a refused lock', '07c2', { type: 'lock', isGranted: false }],
    [
      'a MediaMap',
      '0981a2733082a474797065a5766f696365a973656e6465725f6964a27331',
      { type: 'mediaMap', tracks: { s0: { type: 'voice', sender_id: 's1' } } },
    ],
    ['something new as unknown', '2a', { type: 'unknown', code: 42 }],
  ])('%s', (_, message, expected) => {
    expect(decodeDataChannel(bytes(message))).toEqual(expected);
  });
});

test('SDP survives zlib', async () => {
  const text = 'v=0\r\n'.repeat(500);
  const deflated = await deflate(text);
  expect(deflated[0]).toBe(0x78);
  expect(await inflate(deflated)).toBe(text);
});
