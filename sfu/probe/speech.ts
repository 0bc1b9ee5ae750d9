/** Pure: the packets of a probe's voice, and how many of them were heard. */

/** RFC 3550 5.1: no extension, no contributing source. */
const headerBytes = 12;
/** 20 ms of Opus at 48 kHz. */
const ticksPerPacket = 960;
/** About 32 kbit/s of voice. */
const payloadBytes = 80;

/** Opus as clients number it. */
export const opusPayloadType = 111;

/** The packet with this number. */
export function packetOf(number: number, ssrc: number): Buffer {
  const packet = Buffer.alloc(headerBytes + payloadBytes, 1);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(opusPayloadType, 1);
  packet.writeUInt16BE(number & 0xffff, 2);
  packet.writeUInt32BE((number * ticksPerPacket) >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt32BE(number, headerBytes);
  return packet;
}

/** The number of a packet that was heard, whatever sequence it goes by now; undefined for RTCP and what is none of ours. */
export function numberOf(packet: Uint8Array): number | undefined {
  const isRtcp = (packet[1] ?? 0) >= 192 && (packet[1] ?? 0) <= 223;
  if (isRtcp || packet.length < headerBytes + payloadBytes) return undefined;
  return Buffer.from(packet).readUInt32BE(packet.length - payloadBytes);
}

/** Share of `first` to `last` that was not heard, 0 to 100. */
export function lossPercent(heard: ReadonlySet<number>, first: number, last: number): number {
  const sent = last - first + 1;
  const got = [...heard].filter((number) => number >= first && number <= last).length;
  return sent <= 0 ? 0 : Math.round((1000 * (sent - got)) / sent) / 10;
}
