/** Pure: when a packet was sent, in the last bytes of its payload. SRTP gives them back as they were; nobody decodes the sound. */

const stampBytes = 8;
/** Of one machine and one clock, so that no clocks have to be compared. */
export function writeStamp(payload: Uint8Array, nowNs: bigint): void {
  viewOf(payload).setBigUint64(payload.length - stampBytes, nowNs);
}

/** Milliseconds since `packet` was stamped; `packet` ends with the payload. */
export function ageMs(packet: Uint8Array, nowNs: bigint): number {
  return Number(nowNs - viewOf(packet).getBigUint64(packet.length - stampBytes)) / 1e6;
}

/** Of the very bytes, which need not begin their buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
