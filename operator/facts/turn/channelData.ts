/** ChannelData (RFC 8656 §12.4), and how it and STUN messages are told apart in a stream (§3.1 of RFC 8656). Pure. */

/** Relayed bytes of a bound channel. */
export interface ChannelData {
  readonly channel: number;
  readonly data: Buffer;
}

const headerBytes = 4;

/** Padded to four bytes, which a stream needs and a datagram bears. */
export function encodeChannelData({ channel, data }: ChannelData): Buffer {
  const bytes = Buffer.alloc(headerBytes + padded(data.length));
  bytes.writeUInt16BE(channel);
  bytes.writeUInt16BE(data.length, 2);
  data.copy(bytes, headerBytes);
  return bytes;
}

/** Undefined for what is none: channels are 0x4000 to 0x4FFF. */
export function decodeChannelData(bytes: Buffer): ChannelData | undefined {
  if (bytes.length < headerBytes || bytes.readUInt8() >> 4 !== 4) return undefined;
  const end = headerBytes + bytes.readUInt16BE(2);
  if (end > bytes.length) return undefined;
  return { channel: bytes.readUInt16BE(), data: bytes.subarray(headerBytes, end) };
}

/** The whole messages at the begin of a stream, and what is left of it. */
export function framesIn(stream: Buffer): { readonly frames: readonly Buffer[]; readonly rest: Buffer } {
  const frames: Buffer[] = [];
  let at = 0;
  while (stream.length - at >= headerBytes) {
    const length = frameLength(stream, at);
    if (stream.length - at < length) break;
    frames.push(stream.subarray(at, at + length));
    at += length;
  }
  return { frames, rest: stream.subarray(at) };
}

function frameLength(stream: Buffer, at: number): number {
  const length = stream.readUInt16BE(at + 2);
  return stream.readUInt8(at) >> 6 === 0 ? 20 + length : headerBytes + padded(length);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
