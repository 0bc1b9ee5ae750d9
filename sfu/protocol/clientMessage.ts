/**
 * The plugin's WebSocket: bytes ↔ messages (wire spec 2.3). A frame is two
 * concatenated msgpack values without a surrounding array: the type, a string,
 * and the data, a map.
 */
import { encode } from '@msgpack/msgpack';

import { readMsgpack } from './msgpack.ts';
import type { RtcMessage, ServerMessage } from './messages.ts';

/** What a plugin may tell us. Identities beside `sessionID` come from the connection, never from the message. */
export type ClientMessage =
  | {
      readonly type: 'join';
      readonly callID: string;
      readonly userID: string;
      readonly sessionID: string;
      readonly channelID: string | null;
      readonly av1Support: boolean | null;
      readonly dcSignaling: boolean | null;
    }
  | { readonly type: 'reconnect'; readonly sessionID: string }
  | { readonly type: 'leave'; readonly sessionID: string }
  | { readonly type: 'rtc'; readonly message: RtcMessage };

/** A message, or why the bytes are none. */
export type Decoded =
  { readonly ok: true; readonly message: ClientMessage } | { readonly ok: false; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

/** Far more than the longest message has. */
const limits = { values: 256, depth: 8 };

/** Reads one frame. Never throws. Unknown keys are ignored, as rtcd does. */
export function decodeClientMessage(frame: Uint8Array): Decoded {
  const read = readMsgpack(frame, limits);
  if (!read.ok) return read;
  if (read.value.length !== 2) return refuse(`expected two values, got ${read.value.length}`);
  const [type, data] = read.value;
  if (typeof type !== 'string') return refuse('the type is not a string');
  const reader = readers.get(type);
  if (reader === undefined) return refuse(`unknown message type ${JSON.stringify(type.slice(0, 32))}`);
  if (!isMap(data)) return refuse(`the data of ${type} is not a map`);
  return reader(data);
}

/** Writes one frame. Maps of `hello` and `close` hold strings only, because the plugin's decoder insists on it. */
export function encodeServerMessage(message: ServerMessage): Uint8Array {
  switch (message.type) {
    case 'hello':
      return frameOf('hello', { clientID: message.clientID, connID: message.connID });
    case 'close':
      return frameOf('close', { sessionID: message.sessionID });
    case 'rtc':
    case 'vad':
      return frameOf(message.type, rtcFields(message.message));
  }
}

const readers: ReadonlyMap<string, (data: Fields) => Decoded> = new Map([
  ['join', readJoin],
  ['reconnect', (data) => readSession('reconnect', data)],
  ['leave', (data) => readSession('leave', data)],
  ['rtc', readRtc],
]);

function readJoin(data: Fields): Decoded {
  const { callID, userID, sessionID } = data;
  if (!isName(callID)) return refuse('join without callID');
  if (!isName(userID)) return refuse('join without userID');
  if (!isName(sessionID)) return refuse('join without sessionID');
  return accept({
    type: 'join',
    callID,
    userID,
    sessionID,
    channelID: typeof data['channelID'] === 'string' ? data['channelID'] : null,
    av1Support: flag(data['av1Support']),
    dcSignaling: flag(data['dcSignaling']),
  });
}

function readSession(type: 'reconnect' | 'leave', { sessionID }: Fields): Decoded {
  return isName(sessionID) ? accept({ type, sessionID }) : refuse(`${type} without sessionID`);
}

function readRtc(data: Fields): Decoded {
  const { session_id: sessionID, type, data: payload } = data;
  if (!isName(sessionID)) return refuse('rtc without session_id');
  if (typeof type !== 'number' || !Number.isInteger(type) || type === 0) return refuse('rtc without type');
  const bytes = bytesOf(payload);
  if (bytes === 'wrong') return refuse('the data of rtc is neither bytes nor text');
  return accept({
    type: 'rtc',
    message: {
      groupID: '',
      userID: '',
      sessionID,
      callID: '',
      type,
      ...(bytes === undefined ? {} : { data: bytes }),
    },
  });
}

function bytesOf(payload: unknown): Uint8Array | undefined | 'wrong' {
  if (payload === undefined || payload === null) return undefined;
  if (payload instanceof Uint8Array) return payload;
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : 'wrong';
}

function rtcFields(message: RtcMessage): Record<string, unknown> {
  return {
    group_id: message.groupID,
    user_id: message.userID,
    session_id: message.sessionID,
    call_id: message.callID,
    type: message.type,
    ...(message.data === undefined || message.data.length === 0 ? {} : { data: message.data }),
  };
}

function frameOf(type: string, data: Record<string, unknown>): Uint8Array {
  const head = encode(type);
  const body = encode(data);
  const frame = new Uint8Array(head.length + body.length);
  frame.set(head);
  frame.set(body, head.length);
  return frame;
}

function isMap(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** Ids are 26 characters in practice; they stand in descriptions and logs, so a long one, or one with a line end, is none. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function accept(message: ClientMessage): Decoded {
  return { ok: true, message };
}

function refuse(reason: string): Decoded {
  return { ok: false, reason };
}
