/** The messages of the data channel `calls-dc` (wire spec 4.2): msgpack type, then at most one msgpack value. */
import { encode } from '@msgpack/msgpack';

import { type Decoded, deflateDescription, type Description, inflateDescription } from './description.ts';
import { readMsgpack } from './msgpack.ts';

/** SCTP payload protocol identifiers (RFC 8831 8). */
export const ppid = { dcep: 50, text: 51, binary: 53 } as const;

/** Message numbers on the wire. */
const dataType = {
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

/** What a client can say. */
export type DataMessage =
  /** DCEP: the client opens the channel (RFC 8832 5.1). */
  | { readonly type: 'open' }
  | { readonly type: 'ping' }
  /** The text `ping` of older mobile apps. */
  | { readonly type: 'textPing' }
  | { readonly type: 'sdp'; readonly description: Description }
  | { readonly type: 'lossRate' | 'roundTripTime' | 'jitter'; readonly value: number }
  | { readonly type: 'lock' }
  | { readonly type: 'unlock' };

/** One message for a client, as SCTP carries it. */
export interface DataFrame {
  readonly ppid: number;
  readonly data: Uint8Array;
}

/** What a receiver is told of each line that carries a track towards it. */
export interface MediaMapEntry {
  readonly type: 'voice' | 'screen' | 'screen-audio' | 'video';
  /** Session ID of who is heard or seen. */
  readonly senderID: string;
}

/** A type and one value. */
const limits = { values: 16, depth: 2 };

/** Reads one message of a client. */
export function decodeDataMessage(frame: DataFrame): Decoded<DataMessage> {
  if (frame.ppid === ppid.dcep) return decodeDcep(frame.data);
  if (frame.ppid === ppid.text) return decodeText(frame.data);
  if (frame.ppid !== ppid.binary) return { ok: false, reason: `unknown SCTP payload type ${frame.ppid}` };
  const values = readMsgpack(frame.data, limits);
  return values.ok ? decodeTyped(values.value) : values;
}

/** The answer to DCEP's open (RFC 8832 5.2). */
export const openAckFrame: DataFrame = { ppid: ppid.dcep, data: Uint8Array.of(2) };

/** The answer to a ping. */
export const pongFrame: DataFrame = { ppid: ppid.binary, data: Uint8Array.of(dataType.pong) };

/** The answer to the text ping. */
export const textPongFrame: DataFrame = { ppid: ppid.text, data: Buffer.from('pong') };

/** The answer to a lock request. */
export function lockFrame(isGranted: boolean): DataFrame {
  return { ppid: ppid.binary, data: Uint8Array.of(dataType.lock, isGranted ? 0xc3 : 0xc2) };
}

/** An offer or answer over the data channel. */
export function sdpFrame(description: Description): DataFrame {
  return binary(dataType.sdp, deflateDescription(description));
}

/** All tracks towards one receiver, by mid (wire spec 4.4). */
export function mediaMapFrame(tracks: ReadonlyMap<string, MediaMapEntry>): DataFrame {
  const map = [...tracks].map(([mid, { type, senderID }]) => [mid, { type, sender_id: senderID }] as const);
  return binary(dataType.mediaMap, Object.fromEntries(map));
}

function binary(type: number, payload: unknown): DataFrame {
  return { ppid: ppid.binary, data: Buffer.concat([encode(type), encode(payload)]) };
}

function decodeDcep(data: Uint8Array): Decoded<DataMessage> {
  return data[0] === 3
    ? { ok: true, value: { type: 'open' } }
    : { ok: false, reason: 'unknown DCEP message' };
}

function decodeText(data: Uint8Array): Decoded<DataMessage> {
  const text = Buffer.from(data).toString('utf8');
  return text === 'ping'
    ? { ok: true, value: { type: 'textPing' } }
    : { ok: false, reason: 'unknown text message' };
}

function decodeTyped(values: readonly unknown[]): Decoded<DataMessage> {
  const [type, payload] = values;
  switch (type) {
    case dataType.ping:
      return { ok: true, value: { type: 'ping' } };
    case dataType.lock:
      return { ok: true, value: { type: 'lock' } };
    case dataType.unlock:
      return { ok: true, value: { type: 'unlock' } };
    case dataType.sdp:
      return decodeSdp(payload);
    case dataType.lossRate:
      return decodeMeasure('lossRate', payload);
    case dataType.roundTripTime:
      return decodeMeasure('roundTripTime', payload);
    case dataType.jitter:
      return decodeMeasure('jitter', payload);
    default:
      return { ok: false, reason: `unknown message type ${nameOf(type)}` };
  }
}

/** Anything may stand where the number should, also what cannot be made a string of. */
function nameOf(type: unknown): string {
  return typeof type === 'number' || type === undefined ? String(type) : 'that is no number';
}

function decodeSdp(payload: unknown): Decoded<DataMessage> {
  if (!(payload instanceof Uint8Array)) return { ok: false, reason: 'SDP message has no binary payload' };
  const inflated = inflateDescription(payload);
  return inflated.ok ? { ok: true, value: { type: 'sdp', description: inflated.value } } : inflated;
}

function decodeMeasure(
  type: 'lossRate' | 'roundTripTime' | 'jitter',
  payload: unknown,
): Decoded<DataMessage> {
  if (typeof payload !== 'number' || !Number.isFinite(payload) || payload < 0)
    return { ok: false, reason: `${type} is not a number from 0 on` };
  return { ok: true, value: { type, value: payload } };
}
