/**
 * DER, the binary form of certificates (ITU-T X.690), as far as a certificate
 * of a test cluster needs it. Node can read certificates but not write them.
 */

const tags = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, utf8: 0x0c };

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes = bigEndian(size);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function bigEndian(value: number): number[] {
  return value < 0x100 ? [value] : [...bigEndian(Math.floor(value / 0x100)), value & 0xff];
}

/** SEQUENCE. */
export function sequence(...items: readonly Uint8Array[]): Buffer {
  return element(0x30, ...items);
}

/** SET of one. */
export function setOf(item: Uint8Array): Buffer {
  return element(0x31, item);
}

/** A positive INTEGER given as big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return element(tags.integer, first >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** BOOLEAN TRUE. */
export const yes = Buffer.from([tags.boolean, 1, 0xff]);

/** OBJECT IDENTIFIER in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low];
}

/** UTF8String. */
export function utf8(text: string): Buffer {
  return element(tags.utf8, Buffer.from(text));
}

/** UTCTime (until 2049) to the second. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}

/** OCTET STRING. */
export function octets(content: Uint8Array): Buffer {
  return element(tags.octetString, content);
}

/** BIT STRING; `unused` low bits of the last byte carry nothing. */
export function bits(content: Uint8Array, unused = 0): Buffer {
  return element(tags.bitString, Buffer.from([unused]), content);
}

/** `[number]`, constructed: wraps its content. */
export function explicit(number: number, content: Uint8Array): Buffer {
  return element(0xa0 | number, content);
}

/** `[number]`, primitive: replaces the tag of a simple type. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return element(0x80 | number, content);
}
