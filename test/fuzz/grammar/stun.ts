/** STUN (RFC 8489) by its grammar, with sound and with wrong credentials, and with headers that lie. */
import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';

import { damaged } from './bytes.ts';

/** ICE credentials as an answer gives them. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

/** An attribute: number and value. */
export type StunAttribute = readonly [type: number, value: Uint8Array];

/** What a message is made of. */
export interface StunParts {
  /** Class and method: 0x0001 is a Binding request, 0x0011 an indication. */
  readonly type: number;
  readonly transactionID: Uint8Array;
  readonly attributes: readonly StunAttribute[];
  /** Signs the message; without one it stays unsigned. */
  readonly password?: string;
}

const attributes = { username: 0x0006, integrity: 0x0008, priority: 0x0024, useCandidate: 0x0025 } as const;
const [fingerprint, controlling] = [0x8028, 0x802a];

/** A message with its integrity, if there is a password, and its fingerprint. */
export function stunMessage({ type, transactionID, attributes: list, password }: StunParts): Uint8Array {
  let body = Buffer.concat(list.map(([number, value]) => attribute(number, value)));
  const head = (length: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16BE(type & 0xffff, 0);
    bytes.writeUInt16BE(length, 2);
    bytes.writeUInt32BE(0x2112a442, 4);
    return Buffer.concat([bytes, transactionID.subarray(0, 12)]);
  };
  if (password !== undefined) {
    const digest = createHmac('sha1', password)
      .update(Buffer.concat([head(body.length + 24), body]))
      .digest();
    body = Buffer.concat([body, attribute(attributes.integrity, digest)]);
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE((crc32(Buffer.concat([head(body.length + 8), body])) ^ 0x5354554e) >>> 0);
  body = Buffer.concat([body, attribute(fingerprint, checksum)]);
  return Buffer.concat([head(body.length), body]);
}

/** A Binding request that the server has to accept: the client nominates this path. */
export function bindingRequest({ ufrag, password }: IceCredentials, transactionID: Uint8Array): Uint8Array {
  return stunMessage({
    type: 0x0001,
    transactionID,
    password,
    attributes: [
      [attributes.username, Buffer.from(`${ufrag}:fuzz`)],
      [attributes.priority, Buffer.from('6e7f1eff', 'hex')],
      [attributes.useCandidate, Buffer.alloc(0)],
      [controlling, Buffer.from('0102030405060708', 'hex')],
    ],
  });
}

/** Messages about sessions with these credentials and about none, signed well, wrongly or not at all. */
export function anyStun(known: readonly IceCredentials[]): fc.Arbitrary<Uint8Array> {
  const someone = fc.oneof(
    fc.constantFrom(...(known.length > 0 ? known : [{ ufrag: 'nobody', password: 'x' }])),
    fc.record({ ufrag: fc.string({ maxLength: 40 }), password: fc.string({ maxLength: 40 }) }),
  );
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 24 }),
    fc.constantFrom(Buffer.alloc(0), Buffer.alloc(600, 1)),
  );
  const extra = fc.array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(0x0001, 0x0009, 0x0014, 0x0020, 0x8022, 0x8029, ...Object.values(attributes)),
        fc.nat(0xffff),
      ),
      value,
    ),
    { maxLength: 6 },
  );
  const sound = fc
    .record({
      who: someone,
      type: fc.oneof(fc.constantFrom(0x0001, 0x0011, 0x0101, 0x0111, 0x0003, 0x0016), fc.nat(0x3fff)),
      transactionID: fc.uint8Array({ minLength: 12, maxLength: 12 }),
      extra,
      isSigned: fc.boolean(),
    })
    .map(({ who, type, transactionID, extra: more, isSigned }) =>
      stunMessage({
        type,
        transactionID,
        attributes: [[attributes.username, Buffer.from(`${who.ufrag}:x`)], ...more],
        ...(isSigned ? { password: who.password } : {}),
      }),
    );
  return fc.oneof(sound, damaged(sound));
}

function attribute(type: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}
