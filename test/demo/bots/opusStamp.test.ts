import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OpusDecoder } from 'opus-decoder';

import { readOpusStamp, stampOpus } from '../../../demo/bots/opusStamp.ts';

/** Silence of 20 ms: configuration 15 (hybrid, full band), mono, one frame. */
const packet = Uint8Array.of(0x78, 0xff, 0xfe);

describe('a stamped Opus packet', () => {
  test('gives back the stamp, whatever the frame', () => {
    const frame = fc.uint8Array({ minLength: 0, maxLength: 300 });
    fc.assert(
      fc.property(frame, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bytes, stampNs) => {
        expect(readOpusStamp(stampOpus(Uint8Array.of(0x78, ...bytes), stampNs))).toBe(stampNs);
      }),
    );
  });

  test('still decodes to its 20 ms', async () => {
    const decoder = new OpusDecoder({ channels: 1 });
    await decoder.ready;
    const { samplesDecoded, errors } = decoder.decodeFrame(stampOpus(packet, 123_456_789n));
    decoder.free();
    expect({ samplesDecoded, errors }).toEqual({ samplesDecoded: 960, errors: [] });
  });

  test('keeps its configuration and its frame', () => {
    const stamped = stampOpus(packet, 1n);
    expect([...stamped.subarray(0, 5)]).toEqual([0x78 | 3, 0x41, 13, 0xff, 0xfe]);
  });
});

describe('a packet without a stamp', () => {
  test('has none to read', () => {
    expect(readOpusStamp(packet)).toBeUndefined();
  });

  test('with other padding has none to read', () => {
    expect(readOpusStamp(Uint8Array.of(0x7b, 0x41, 13, 0xff, ...new Uint8Array(13)))).toBeUndefined();
  });

  test('of two frames is sent as it is', () => {
    const twoFrames = Uint8Array.of(0x79, 1, 2);
    expect(stampOpus(twoFrames, 1n)).toBe(twoFrames);
  });

  test('of any bytes never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void readOpusStamp(bytes)));
  });
});
