import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { buildRtp, parseRtp } from '../../../demo/bots/rtp.ts';

const packet = {
  payloadType: 111,
  sequenceNumber: 65_535,
  timestamp: 4_294_967_295,
  ssrc: 3_000_000_000,
  payload: Uint8Array.of(1, 2, 3),
};

test('a packet comes back as it was built', () => {
  expect(parseRtp(buildRtp(packet))).toEqual(packet);
});

test('an audio level stands in a one-byte header extension (RFC 8285, RFC 6464)', () => {
  const bytes = buildRtp({ ...packet, audioLevel: { id: 6, level: 30 } });
  expect(Buffer.from(bytes.subarray(12, 20)).toString('hex')).toBe('bede0001609e0000');
  expect(parseRtp(bytes)).toEqual(packet);
});

test('a level that nobody hears is not marked as voice', () => {
  expect(buildRtp({ ...packet, audioLevel: { id: 1, level: 90 } })[17]).toBe(90);
});

test('a sequence number that wraps goes on at 0', () => {
  expect(parseRtp(buildRtp({ ...packet, sequenceNumber: 65_536 }))?.sequenceNumber).toBe(0);
});

test('contributing sources are skipped', () => {
  const bytes = buildRtp(packet);
  const withSources = Uint8Array.of(0x82, ...bytes.subarray(1, 12), ...new Uint8Array(8), 1, 2, 3);
  expect(parseRtp(withSources)?.payload).toEqual(packet.payload);
});

test('a packet of padding alone is a packet with nothing in it', () => {
  const bytes = buildRtp({ ...packet, payload: Uint8Array.of(0, 0, 0, 200) });
  bytes[0] = 0xa0;
  expect(parseRtp(bytes)?.payload).toEqual(new Uint8Array(0));
});

test('padding is cut off', () => {
  const bytes = buildRtp({ ...packet, payload: Uint8Array.of(1, 2, 3, 0, 2) });
  bytes[0] = 0xa0;
  expect(parseRtp(bytes)?.payload).toEqual(packet.payload);
});

test.each([
  ['RTCP', Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24))],
  ['another version', Uint8Array.of(0x00, 111, ...new Uint8Array(20))],
  ['a header cut short', Uint8Array.of(0x80, 111, 0)],
  [
    'an extension that is longer than the packet',
    Uint8Array.of(0x90, 111, ...new Uint8Array(10), 0xbe, 0xde, 0, 9),
  ],
])('%s is no RTP packet', (_, bytes) => {
  expect(parseRtp(bytes)).toBeUndefined();
});

test('no bytes make it throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void parseRtp(bytes)));
});
