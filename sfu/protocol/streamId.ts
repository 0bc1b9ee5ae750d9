/** The data of the plugin's messages that announce a screen or a webcam (wire spec 2.3). */
import type { Decoded } from './description.ts';

/** A browser's stream ID has 38 characters at most. */
const longestID = 256;

/** Reads the ID of a `MediaStream` out of JSON like `{"screenStreamID": "…"}`. */
export function decodeStreamID(json: Uint8Array, key: 'screenStreamID' | 'videoStreamID'): Decoded<string> {
  const value = field(json, key);
  if (typeof value !== 'string' || value === '') return { ok: false, reason: `message has no ${key}` };
  if (value.length > longestID) return { ok: false, reason: `${key} is longer than ${longestID} characters` };
  return { ok: true, value };
}

function field(json: Uint8Array, key: string): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(json).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)[key]
      : undefined;
  } catch {
    return undefined;
  }
}
