/** What else may arrive on a media port: DTLS, RTP, RTCP, their like, and TCP framing (RFC 4571). */
import fc from 'fast-check';

import { damaged } from './bytes.ts';

const body = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.constantFrom(Buffer.alloc(0), Buffer.alloc(1400, 0xff), Buffer.alloc(9000, 1)),
);

const dtls = fc
  .tuple(
    fc.integer({ min: 19, max: 26 }),
    fc.constantFrom('fefd', 'feff', '0303', 'ffff'),
    fc.nat(0xffff),
    body,
  )
  .map(([type, version, length, rest]) =>
    Buffer.concat([
      Uint8Array.of(type),
      Buffer.from(version, 'hex'),
      Buffer.alloc(8),
      Uint8Array.of(length >> 8, length & 0xff),
      rest,
    ]),
  );

/** A handshake message (RFC 6347 4.2.2) whose fragment may lie outside of it. */
const handshake = fc
  .tuple(fc.nat(25), fc.nat(0xffffff), fc.nat(0xffffff), fc.nat(0xffffff), body)
  .map(([type, length, offset, size, rest]) => {
    const head = Buffer.alloc(12);
    head.writeUInt8(type, 0);
    head.writeUIntBE(length, 1, 3);
    head.writeUIntBE(offset, 6, 3);
    head.writeUIntBE(size, 9, 3);
    const record = Buffer.from('16feff0000000000000000', 'hex');
    const bytes = Math.min(head.length + rest.length, 0xffff);
    return Buffer.concat([record, Uint8Array.of(bytes >> 8, bytes & 0xff), head, rest]);
  });

const rtp = fc
  .tuple(
    fc.integer({ min: 0x80, max: 0xbf }),
    fc.nat(255),
    fc.uint8Array({ minLength: 10, maxLength: 10 }),
    body,
  )
  .map(([first, type, rest, payload]) => Buffer.concat([Uint8Array.of(first, type), rest, payload]));

const rtcp = fc
  .tuple(fc.integer({ min: 0x80, max: 0xbf }), fc.integer({ min: 192, max: 223 }), fc.nat(0xffff), body)
  .map(([first, type, length, rest]) =>
    Buffer.concat([Uint8Array.of(first, type, length >> 8, length & 0xff), Buffer.alloc(4, 1), rest]),
  );

/** A datagram that is no STUN. */
export const anyPacket: fc.Arbitrary<Uint8Array> = fc.oneof(
  dtls,
  handshake,
  rtp,
  rtcp,
  damaged(fc.oneof(dtls, handshake, rtp, rtcp)),
  fc.uint8Array({ maxLength: 60 }),
);

/** Bytes of a TCP connection: packets with their lengths, which may be wrong. */
export function anyStream(packet: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const framed = fc.tuple(packet, fc.constantFrom(0, 0, 0, 0, 1, -1, 1000)).map(([bytes, wrong]) => {
    const length = Math.max(0, Math.min(0xffff, bytes.length + wrong));
    return Buffer.concat([Uint8Array.of(length >> 8, length & 0xff), bytes]);
  });
  return fc.array(framed, { minLength: 1, maxLength: 5 }).map((frames) => Buffer.concat(frames));
}
