/** A session description as it travels: JSON `{"type","sdp"}` (wire spec 2.3), zlib-compressed on the data channel (4.2). */
import { deflateSync, inflateSync } from 'node:zlib';

/** An offer or an answer. */
export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** What was understood, or why nothing was. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Longest description that is read, bytes of JSON: four times what the plugin lets through (wire spec 3.2). */
export const maxDescriptionBytes = 256 * 1024;

/**
 * Room for what a description needs. With zlib's defaults each one leaves 16 KiB behind that stay resident until all of
 * the heap is collected; what comes out inflates to the same, and is hardly longer if at all.
 */
const room = {
  deflate: { memLevel: 7, chunkSize: 4096 },
  inflate: { chunkSize: 8192, maxOutputLength: maxDescriptionBytes },
} as const;

/** Reads the JSON text of a description. */
export function decodeDescription(json: Uint8Array): Decoded<Description> {
  if (json.length > maxDescriptionBytes)
    return { ok: false, reason: `description of ${json.length} bytes is longer than ${maxDescriptionBytes}` };
  const parsed = parseJson(json);
  if (typeof parsed !== 'object' || parsed === null)
    return { ok: false, reason: 'description is not a JSON object' };
  const { type, sdp } = parsed as { readonly type?: unknown; readonly sdp?: unknown };
  if (type !== 'offer' && type !== 'answer')
    return { ok: false, reason: 'description type is neither offer nor answer' };
  if (typeof sdp !== 'string') return { ok: false, reason: 'description has no sdp text' };
  return { ok: true, value: { type, sdp } };
}

/** The JSON text of a description. */
export function encodeDescription(description: Description): Uint8Array {
  return Buffer.from(JSON.stringify({ type: description.type, sdp: description.sdp }));
}

/** Reads a compressed description; stops inflating at `maxDescriptionBytes`. */
export function inflateDescription(zlib: Uint8Array): Decoded<Description> {
  try {
    return decodeDescription(inflateSync(zlib, room.inflate));
  } catch (error) {
    return { ok: false, reason: `description cannot be inflated: ${(error as Error).message}` };
  }
}

/** The compressed form of a description. */
export function deflateDescription(description: Description): Uint8Array {
  return deflateSync(encodeDescription(description), room.deflate);
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(json).toString('utf8'));
  } catch {
    return undefined;
  }
}
