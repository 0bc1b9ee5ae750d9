/**
 * Pure: the messages of the `calls-dc` data channel as a client speaks them (wire
 * spec 4.2). A message is a msgpack uint, optionally followed by one msgpack value.
 * The page's browser loads this very file (types stripped), the bots import it.
 */
import { decodeMulti, encode } from '@msgpack/msgpack';

/** Message types (rtcd `service/rtc/dc/msg.go`). */
export const dataChannelType = {
  ping: 1,
  pong: 2,
  sdp: 3,
  lossRate: 4,
  roundTripTime: 5,
  jitter: 6,
  lock: 7,
  unlock: 8,
  mediaMap: 9,
} as const;

/** The label that every client gives the channel. */
export const dataChannelLabel = 'calls-dc';

/** mid → what the server sends there. */
export type MediaMap = Readonly<Record<string, { readonly type: string; readonly sender_id: string }>>;

/** What a server may send; `unknown` is for the log only. */
export type FromServer =
  | { readonly type: 'pong' }
  | { readonly type: 'sdp'; readonly deflated: Uint8Array<ArrayBuffer> }
  | { readonly type: 'lock'; readonly isGranted: boolean }
  | { readonly type: 'mediaMap'; readonly tracks: MediaMap }
  | { readonly type: 'unknown'; readonly code: unknown };

/** One message of ours. `payload` only where the type has one: bytes for SDP, numbers for the metrics. */
export function encodeDataChannel(
  type: keyof typeof dataChannelType,
  payload?: Uint8Array | number,
): Uint8Array<ArrayBuffer> {
  const head = encode(dataChannelType[type]);
  const body = payload === undefined ? new Uint8Array(0) : encode(payload);
  const message = new Uint8Array(head.length + body.length);
  message.set(head);
  message.set(body, head.length);
  return message;
}

/** One message of the server. Throws on bytes that are no msgpack. */
export function decodeDataChannel(bytes: Uint8Array): FromServer {
  const [code, payload] = [...decodeMulti(bytes)];
  switch (code) {
    case dataChannelType.pong:
      return { type: 'pong' };
    case dataChannelType.sdp:
      return { type: 'sdp', deflated: payload as Uint8Array<ArrayBuffer> };
    case dataChannelType.lock:
      return { type: 'lock', isGranted: payload === true };
    case dataChannelType.mediaMap:
      return { type: 'mediaMap', tracks: (payload ?? {}) as MediaMap };
    default:
      return { type: 'unknown', code };
  }
}
