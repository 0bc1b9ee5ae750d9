/** Pure: RTP packets (RFC 3550 5.1) with the one-byte header extension of RFC 8285 for audio levels (RFC 6464). */

/** What a bot sends. */
export interface RtpToSend {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  /** In ticks of the codec's clock (48 kHz for Opus). */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
  /** −dBov, 0 (loudest) to 127 (silence), under the negotiated extension id 1..14. */
  readonly audioLevel?: { readonly id: number; readonly level: number };
}

/** What a bot received. */
export interface ReceivedRtp {
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const fixedHeaderBytes = 12;
const oneByteProfile = 0xbede;

/** A complete packet. The voice flag of the audio level is set for levels a person could hear. */
export function buildRtp(packet: RtpToSend): Uint8Array {
  const extensionBytes = packet.audioLevel === undefined ? 0 : 8;
  const bytes = new Uint8Array(fixedHeaderBytes + extensionBytes + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | (packet.audioLevel === undefined ? 0 : 0x10));
  view.setUint8(1, packet.payloadType & 0x7f);
  view.setUint16(2, packet.sequenceNumber & 0xffff);
  view.setUint32(4, packet.timestamp >>> 0);
  view.setUint32(8, packet.ssrc >>> 0);
  if (packet.audioLevel !== undefined) writeAudioLevel(view, packet.audioLevel);
  bytes.set(packet.payload, fixedHeaderBytes + extensionBytes);
  return bytes;
}

function writeAudioLevel(view: DataView, audioLevel: { readonly id: number; readonly level: number }): void {
  view.setUint16(fixedHeaderBytes, oneByteProfile);
  view.setUint16(fixedHeaderBytes + 2, 1);
  view.setUint8(fixedHeaderBytes + 4, audioLevel.id << 4);
  view.setUint8(fixedHeaderBytes + 5, (audioLevel.level < 60 ? 0x80 : 0) | (audioLevel.level & 0x7f));
}

/**
 * The parts of a packet; undefined for RTCP (RFC 5761 4) and for bytes that are no
 * RTP. A browser probes for bandwidth with packets of padding alone: they count as
 * packets and have an empty payload.
 */
export function parseRtp(bytes: Uint8Array): ReceivedRtp | undefined {
  if (bytes.length < fixedHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined;
  const start = payloadStart(view, first);
  if (start > bytes.length) return undefined;
  const end = bytes.length - ((first & 0x20) === 0 ? 0 : view.getUint8(bytes.length - 1));
  return {
    payloadType: second & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, Math.max(start, end)),
  };
}

function payloadStart(view: DataView, first: number): number {
  const afterSources = fixedHeaderBytes + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return afterSources;
  if (afterSources + 4 > view.byteLength) return Infinity;
  return afterSources + 4 + 4 * view.getUint16(afterSources + 2);
}
