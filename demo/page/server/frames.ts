/**
 * Pure: the plugin's side of the WebSocket (wire spec 2.3). A frame is a msgpack
 * string, the type, directly followed by one msgpack value.
 */
import { decodeMulti, encode } from '@msgpack/msgpack';

/** `rtc.Message.type` (wire spec 2.3). */
export const rtcType = {
  ice: 1,
  sdp: 2,
  mute: 3,
  unmute: 4,
  screenOn: 5,
  screenOff: 6,
  voiceOn: 7,
  voiceOff: 8,
  videoOn: 9,
  videoOff: 10,
} as const;

/** What the plugin sends. */
export type PluginFrame =
  | { readonly type: 'join'; readonly join: JoinData }
  | { readonly type: 'leave' | 'reconnect'; readonly sessionID: string }
  | {
      readonly type: 'rtc';
      readonly sessionID: string;
      readonly rtcType: number;
      readonly data?: Uint8Array;
    };

/** Wire spec 2.4. */
export interface JoinData {
  readonly callID: string;
  readonly userID: string;
  readonly sessionID: string;
  readonly channelID: string;
  readonly av1Support: boolean;
  readonly dcSignaling: boolean;
}

/** What a host sends; `unknown` is for the log only. */
export type HostFrame =
  | { readonly type: 'hello'; readonly clientID: string; readonly connID: string }
  | { readonly type: 'close'; readonly sessionID: string }
  | { readonly type: 'rtc'; readonly sessionID: string; readonly rtcType: number; readonly data: Uint8Array }
  | { readonly type: 'vad'; readonly sessionID: string; readonly isSpeaking: boolean }
  | { readonly type: 'unknown'; readonly reason: string };

/** The bytes of a frame. */
export function encodeFrame(frame: PluginFrame): Uint8Array {
  return Buffer.concat([encode(frame.type), encode(dataOf(frame))]);
}

function dataOf(frame: PluginFrame): object {
  switch (frame.type) {
    case 'join':
      return frame.join;
    case 'leave':
    case 'reconnect':
      return { sessionID: frame.sessionID };
    case 'rtc': {
      // The plugin leaves three of the ids empty; a server identifies by session alone.
      const ids = { group_id: '', user_id: '', session_id: frame.sessionID, call_id: '' };
      return { ...ids, type: frame.rtcType, ...(frame.data === undefined ? {} : { data: frame.data }) };
    }
  }
}

/** One frame of a host. Never throws. */
export function decodeFrame(bytes: Uint8Array): HostFrame {
  try {
    const [type, data] = [...decodeMulti(bytes)] as [unknown, Readonly<Record<string, unknown>> | undefined];
    return frameOf(type, data ?? {});
  } catch (error) {
    return { type: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

function frameOf(type: unknown, data: Readonly<Record<string, unknown>>): HostFrame {
  switch (type) {
    case 'hello':
      return { type, clientID: text(data['clientID']), connID: text(data['connID']) };
    case 'close':
      return { type, sessionID: text(data['sessionID']) };
    case 'vad':
      return { type, sessionID: text(data['session_id']), isSpeaking: data['type'] === rtcType.voiceOn };
    case 'rtc':
      return {
        type,
        sessionID: text(data['session_id']),
        rtcType: Number(data['type']),
        data: data['data'] instanceof Uint8Array ? data['data'] : new Uint8Array(0),
      };
    default:
      return { type: 'unknown', reason: `type ${String(type)}` };
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
