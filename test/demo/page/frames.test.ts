import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { decodeFrame, encodeFrame } from '../../../demo/page/server/frames.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the plugin sends, byte for byte as in the wire spec,', () => {
  const join = {
    callID: 'c1',
    userID: 'u1',
    sessionID: 's1',
    channelID: 'ch1',
    av1Support: false,
    dcSignaling: true,
  };
  test.each([
    [
      'join',
      encodeFrame({ type: 'join', join }),
      'a46a6f696e86a663616c6c4944a26331a6757365724944a27531a973657373696f6e4944a27331a96368616e6e656c4944a3636831aa617631537570706f7274c2ab64635369676e616c696e67c3',
    ],
    ['leave', encodeFrame({ type: 'leave', sessionID: 's1' }), 'a56c6561766581a973657373696f6e4944a27331'],
    [
      'mute',
      encodeFrame({ type: 'rtc', sessionID: 's1', rtcType: 3 }),
      'a372746385a867726f75705f6964a0a7757365725f6964a0aa73657373696f6e5f6964a27331a763616c6c5f6964a0a47479706503',
    ],
  ])('%s', (_, frame, expected) => {
    expect(hex(frame)).toBe(expected);
  });

  test('SDP as bytes', () => {
    const frame = encodeFrame({ type: 'rtc', sessionID: 's1', rtcType: 2, data: Uint8Array.of(0x7b) });
    expect(hex(frame)).toContain('a464617461c4017b');
  });
});

describe('the plugin understands', () => {
  test.each([
    [
      'hello',
      'a568656c6c6f82a8636c69656e744944a3616263a6636f6e6e4944a378797a',
      { type: 'hello', clientID: 'abc', connID: 'xyz' },
    ],
    ['close', 'a5636c6f736581a973657373696f6e4944a27331', { type: 'close', sessionID: 's1' }],
    [
      'voice on',
      'a376616485a867726f75705f6964a167a7757365725f6964a175aa73657373696f6e5f6964a27331a763616c6c5f6964a163a47479706507',
      { type: 'vad', sessionID: 's1', isSpeaking: true },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(decodeFrame(Buffer.from(bytes, 'hex'))).toEqual(expected);
  });

  test('no frame so badly that it throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeFrame(bytes)));
  });
});
