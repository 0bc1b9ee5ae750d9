/**
 * MessagePack of strangers. Its headers are counted before anything is decoded:
 * one byte makes an array, so a megabyte of them nests a million deep.
 */
import { Decoder } from '@msgpack/msgpack';

import type { Decoded } from './description.ts';

/** How much a message may hold. */
export interface MsgpackLimits {
  /** Values in all, those inside of others included. */
  readonly values: number;
  /** Arrays and maps inside each other. */
  readonly depth: number;
}

/** The values of a message, or why it is none. Never throws; takes no more than the message is long, times a small factor. */
export function readMsgpack(bytes: Uint8Array, limits: MsgpackLimits): Decoded<readonly unknown[]> {
  const excess = excessOf(bytes, limits);
  if (excess !== undefined) return { ok: false, reason: `not msgpack of ours: ${excess}` };
  try {
    return { ok: true, value: [...new Decoder().decodeMulti(bytes)] };
  } catch (error) {
    return { ok: false, reason: `not msgpack: ${(error as Error).message}` };
  }
}

/** Walks over the headers. What is cut off or no msgpack is left to the decoder, which says so. */
function excessOf(bytes: Uint8Array, { values, depth }: MsgpackLimits): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** How many values are still to come, from the outermost array or map to the innermost. */
  const open: number[] = [];
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const { next, children } = headerAt(view, at);
    at = next;
    count += 1;
    if (count + children > values) return `more than ${values} values`;
    if (children > 0) open.push(children + 1);
    if (open.length > depth) return `nested more than ${depth} deep`;
    closeFinished(open);
  }
  return undefined;
}

/** One value less to come; what is complete then is one value of what it is in. */
function closeFinished(open: number[]): void {
  for (let last = open.length - 1; last >= 0; last -= 1) {
    open[last] = (open[last] ?? 0) - 1;
    if (open[last] !== 0) return;
    open.pop();
  }
}

interface Header {
  /** Where the next header is. */
  readonly next: number;
  readonly children: number;
}

/** First bytes with a length after them: bytes of the length, bytes after it in any case, and what is counted. */
const sized: ReadonlyMap<
  number,
  readonly [lengthBytes: 1 | 2 | 4, more: number, of: 'bytes' | 'items' | 'pairs']
> = new Map([
  [0xc4, [1, 0, 'bytes']],
  [0xc5, [2, 0, 'bytes']],
  [0xc6, [4, 0, 'bytes']],
  [0xc7, [1, 1, 'bytes']],
  [0xc8, [2, 1, 'bytes']],
  [0xc9, [4, 1, 'bytes']],
  [0xd9, [1, 0, 'bytes']],
  [0xda, [2, 0, 'bytes']],
  [0xdb, [4, 0, 'bytes']],
  [0xdc, [2, 0, 'items']],
  [0xdd, [4, 0, 'items']],
  [0xde, [2, 0, 'pairs']],
  [0xdf, [4, 0, 'pairs']],
]);

/** Bytes after the first, of 0xca to 0xd8: floats, integers, extensions of fixed size. */
const fixedBytes = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17];

function headerAt(view: DataView, at: number): Header {
  const first = view.getUint8(at);
  const kind = sized.get(first);
  if (kind !== undefined) return sizedHeader(view, at + 1, kind);
  if (first >= 0x80 && first <= 0x8f) return { next: at + 1, children: 2 * (first & 0x0f) };
  if (first >= 0x90 && first <= 0x9f) return { next: at + 1, children: first & 0x0f };
  if (first >= 0xa0 && first <= 0xbf) return { next: at + 1 + (first & 0x1f), children: 0 };
  return { next: at + 1 + (fixedBytes[first - 0xca] ?? 0), children: 0 };
}

function sizedHeader(
  view: DataView,
  at: number,
  [lengthBytes, more, of]: readonly [1 | 2 | 4, number, 'bytes' | 'items' | 'pairs'],
): Header {
  const body = at + lengthBytes;
  if (body > view.byteLength) return { next: body, children: 0 };
  const length = { 1: () => view.getUint8(at), 2: () => view.getUint16(at), 4: () => view.getUint32(at) }[
    lengthBytes
  ]();
  if (of === 'bytes') return { next: body + more + length, children: 0 };
  return { next: body, children: of === 'pairs' ? 2 * length : length };
}
