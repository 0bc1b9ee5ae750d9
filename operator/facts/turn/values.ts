/** Values of attributes: numbers, addresses and errors (RFC 8489 §14, RFC 8656 §18). Pure. */
import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { attribute, type Attribute, attributeTypes, type StunMessage } from './message.ts';

/** Where a peer or a relay is. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** An attribute with 32 bits. */
export function word(type: keyof typeof attributeTypes, value: number): Attribute {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return { type: attributeTypes[type], value: bytes };
}

/** An attribute with text. */
export function text(type: keyof typeof attributeTypes, value: string): Attribute {
  return { type: attributeTypes[type], value: Buffer.from(value) };
}

/** The 32 bits of an attribute. */
export function wordIn(message: StunMessage, type: keyof typeof attributeTypes): number | undefined {
  const value = attribute(message, type);
  return value?.length === 4 ? value.readUInt32BE() : undefined;
}

const cookie = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
const families = { ipv4: 1, ipv6: 2 } as const;

/** RFC 8489 §14.2: port and address mixed with what the header has anyway. */
export function xorAddress(
  type: keyof typeof attributeTypes,
  { address, port }: Endpoint,
  transactionId: Buffer,
): Attribute {
  const bytes = addressBytes(address);
  const head = Buffer.from([0, bytes.length === 4 ? families.ipv4 : families.ipv6, 0, 0]);
  head.writeUInt16BE(port ^ cookie.readUInt16BE(), 2);
  return { type: attributeTypes[type], value: Buffer.concat([head, mixed(bytes, transactionId)]) };
}

/** The address in such an attribute. */
export function xorAddressIn(message: StunMessage, type: keyof typeof attributeTypes): Endpoint | undefined {
  const value = attribute(message, type);
  if (value?.length !== 8 && value?.length !== 20) return undefined;
  const bytes = mixed(value.subarray(4), message.transactionId);
  return { address: addressText(bytes), port: value.readUInt16BE(2) ^ cookie.readUInt16BE() };
}

function mixed(bytes: Buffer, transactionId: Buffer): Buffer {
  const mask = Buffer.concat([cookie, transactionId]);
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

/** Network order. Throws for what is no address. */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address)) throw new TypeError(`${address}: is no IP address`);
  // The URL parser gives every IPv6 address its shortest form, IPv4 endings included.
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(left), groups(right ?? '')];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  const bytes = Buffer.alloc(16);
  [...first, ...zeros, ...last].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

/** RFC 8489 §14.8: hundreds and rest. */
export function errorCode(message: StunMessage): number | undefined {
  const value = attribute(message, 'errorCode');
  if (value === undefined || value.length < 4) return undefined;
  return value.readUInt8(2) * 100 + value.readUInt8(3);
}
