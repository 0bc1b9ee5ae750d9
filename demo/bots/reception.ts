/** Pure: what one received voice adds up to: packets, loss, time under way, the last seconds of sound. */
import { readOpusStamp } from './opusStamp.ts';
import type { ReceivedRtp } from './rtp.ts';

/** Packets kept for listening: eight seconds at 50 packets a second, longer than a speaker goes without a pause. */
const keptPayloads = 400;

/** Counts since the window was opened. */
export interface Reception {
  readonly packets: number;
  /** Sequence numbers that should have come and did not. Retransmissions and reordering heal it. */
  readonly lost: number;
  readonly delaysMs: readonly number[];
  readonly payloads: readonly Uint8Array[];
}

/** Collects one voice. `take` expects packets of one SSRC; `open` starts counting afresh. */
export interface Receiver {
  open(): void;
  take(packet: ReceivedRtp, nowNs: bigint): void;
  read(): Reception;
}

/** A receiver whose window is open from the first packet on. */
export function createReceiver(): Receiver {
  const seen = new Set<number>();
  let highest: number | undefined;
  let first: number | undefined;
  let delaysMs: number[] = [];
  let payloads: Uint8Array[] = [];
  return {
    open: () => {
      seen.clear();
      first = undefined;
      delaysMs = [];
      payloads = [];
    },
    take: (packet, nowNs) => {
      const extended = extendSequence(packet.sequenceNumber, highest);
      highest = Math.max(highest ?? extended, extended);
      first ??= extended;
      if (extended < first || seen.has(extended)) return;
      seen.add(extended);
      const stampNs = readOpusStamp(packet.payload);
      if (stampNs !== undefined) delaysMs.push(Number(nowNs - stampNs) / 1e6);
      if (packet.payload.length === 0) return;
      payloads.push(packet.payload.slice());
      if (payloads.length > keptPayloads) payloads.shift();
    },
    read: () => ({
      packets: seen.size,
      lost: first === undefined || highest === undefined ? 0 : highest - first + 1 - seen.size,
      delaysMs: [...delaysMs],
      payloads: [...payloads],
    }),
  };
}

/** A 16-bit sequence number as one that never wraps, nearest to `highest` (RFC 3550 A.1). */
export function extendSequence(sequenceNumber: number, highest: number | undefined): number {
  if (highest === undefined) return sequenceNumber;
  const distance = ((sequenceNumber - highest) << 16) >> 16;
  return highest + distance;
}
