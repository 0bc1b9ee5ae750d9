/**
 * STUN messages as bytes (RFC 8489 §5, §14), with the methods of TURN (RFC 8656 §17). Pure. Written here because the
 * clients of the registries are servers, browsers' or whole ICE agents, and none gives an allocation to hold and test.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 8489 §18.2, RFC 8656 §17. */
export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** RFC 8489 §5: two bits of the message type. */
const classes = ['request', 'indication', 'success', 'error'] as const;

/** One of them. */
export type MessageClass = (typeof classes)[number];

/** RFC 8489 §18.3, RFC 8656 §18: those that we write or read. */
export const attributeTypes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
  requestedAddressFamily: 0x0017,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
} as const;

/** Type and value; padding is not part of it. */
export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

/** A message, as far as its form goes. */
export interface StunMessage {
  readonly method: number;
  readonly class: MessageClass;
  /** 12 bytes. */
  readonly transactionId: Buffer;
  readonly attributes: readonly Attribute[];
}

const magicCookie = 0x2112a442;
const headerBytes = 20;
/** RFC 8489 §14.5: type, length and the 20 bytes of HMAC-SHA1. */
const integrityBytes = 24;
/** RFC 8489 §14.7: type, length and CRC-32. */
const fingerprintBytes = 8;
const fingerprintXor = 0x5354554e;

/** The bytes, with MESSAGE-INTEGRITY when there is a key, and with FINGERPRINT always. */
export function encode(message: StunMessage, key?: Buffer): Buffer {
  const body = Buffer.concat(message.attributes.map(attributeOf));
  const plain = Buffer.concat([headerOf(message, body.length), body]);
  return withFingerprint(key === undefined ? plain : withIntegrity(plain, key));
}

function headerOf({ method, class: kind, transactionId }: StunMessage, length: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(typeOf(method, classes.indexOf(kind)));
  header.writeUInt16BE(length, 2);
  header.writeUInt32BE(magicCookie, 4);
  transactionId.copy(header, 8);
  return header;
}

/** RFC 8489 §5: the bits of the class lie between those of the method. */
function typeOf(method: number, kind: number): number {
  const low = method & 0x000f;
  const middle = (method & 0x0070) << 1;
  const high = (method & 0x0f80) << 2;
  return high | middle | low | ((kind & 1) << 4) | ((kind & 2) << 7);
}

function attributeOf({ type, value }: Attribute): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

/** The length in the header covers the new attribute before it is computed. */
function grown(bytes: Buffer, by: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(bytes.length - headerBytes + by, 2);
  return copy;
}

function withIntegrity(bytes: Buffer, key: Buffer): Buffer {
  const covered = grown(bytes, integrityBytes);
  return Buffer.concat([
    covered,
    attributeOf({ type: attributeTypes.messageIntegrity, value: hmac(covered, key) }),
  ]);
}

function withFingerprint(bytes: Buffer): Buffer {
  const covered = grown(bytes, fingerprintBytes);
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(covered) ^ fingerprintXor) >>> 0);
  return Buffer.concat([covered, attributeOf({ type: attributeTypes.fingerprint, value })]);
}

function hmac(bytes: Buffer, key: Buffer): Buffer {
  return createHmac('sha1', key).update(bytes).digest();
}

/** A message whose bytes are all there; undefined for anything else, ChannelData among it. */
export function decode(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < headerBytes || bytes.readUInt32BE(4) !== magicCookie) return undefined;
  const type = bytes.readUInt16BE();
  if (type > 0x3fff || bytes.readUInt16BE(2) !== bytes.length - headerBytes) return undefined;
  const attributes = attributesIn(bytes);
  if (attributes === undefined) return undefined;
  const kind = classes[((type >> 4) & 1) | ((type >> 7) & 2)] ?? 'request';
  const method = (type & 0x000f) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0f80);
  return { method, class: kind, transactionId: bytes.subarray(8, headerBytes), attributes };
}

function attributesIn(bytes: Buffer): Attribute[] | undefined {
  const found: Attribute[] = [];
  let at = headerBytes;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return undefined;
    found.push({ type: bytes.readUInt16BE(at), value: bytes.subarray(at + 4, end) });
    at += 4 + padded(end - at - 4);
  }
  return found;
}

/** The first attribute of a type. */
export function attribute(message: StunMessage, type: keyof typeof attributeTypes): Buffer | undefined {
  return message.attributes.find((one) => one.type === attributeTypes[type])?.value;
}

/** Whether the message was made by somebody with this key. Bytes as they came. */
export function isAuthentic(bytes: Buffer, key: Buffer): boolean {
  let at = headerBytes;
  while (at + 4 <= bytes.length && bytes.readUInt16BE(at) !== attributeTypes.messageIntegrity)
    at += 4 + padded(bytes.readUInt16BE(at + 2));
  if (at + integrityBytes > bytes.length) return false;
  const expected = hmac(grown(bytes.subarray(0, at), integrityBytes), key);
  return timingSafeEqual(expected, bytes.subarray(at + 4, at + integrityBytes));
}

/** ISO 3309, as in Ethernet. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
