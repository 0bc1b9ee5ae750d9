/**
 * Pure: a time stamp inside an Opus packet that every decoder plays. RFC 6716
 * 3.2.5 lets a packet of code 3 end in padding whose bytes a decoder must accept
 * and ignore; a relay forwards them untouched, so the far end can tell how long
 * the packet was under way.
 */

/** The first byte is 0: to a parser of Opus extensions the rest is plain padding. Then `rtc1`. */
const magic = [0x00, 0x72, 0x74, 0x63, 0x31] as const;
const paddingBytes = magic.length + 8;
const vbrFlag = 0x80;
const paddingFlag = 0x40;

/** A packet of one frame (code 0) with `stampNs` in its padding. Other codes come back as they are. */
export function stampOpus(packet: Uint8Array, stampNs: bigint): Uint8Array {
  const toc = packet[0];
  if (toc === undefined || (toc & 3) !== 0) return packet;
  const stamped = new Uint8Array(packet.length + 2 + paddingBytes);
  stamped.set([toc | 3, paddingFlag | 1, paddingBytes]);
  stamped.set(packet.subarray(1), 3);
  const paddingAt = stamped.length - paddingBytes;
  stamped.set(magic, paddingAt);
  new DataView(stamped.buffer).setBigUint64(paddingAt + magic.length, stampNs);
  return stamped;
}

/** The stamp of a packet, undefined when it bears none. */
export function readOpusStamp(packet: Uint8Array): bigint | undefined {
  const length = paddingLength(packet);
  if (length !== paddingBytes || packet.length < paddingBytes + 3) return undefined;
  const padding = packet.subarray(packet.length - paddingBytes);
  if (!magic.every((byte, index) => padding[index] === byte)) return undefined;
  return new DataView(padding.buffer, padding.byteOffset).getBigUint64(magic.length);
}

/** Bytes of padding at the end; 0 when there is none. A length byte of 255 stands for 254 and one more length byte. */
function paddingLength(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  if ((toc & 3) !== 3 || (count & paddingFlag) === 0 || (count & vbrFlag) !== 0) return 0;
  let length = 0;
  for (let at = 2; at < packet.length; at += 1) {
    const byte = packet[at] ?? 0;
    length += Math.min(byte, 254);
    if (byte !== 255) break;
  }
  return length;
}
