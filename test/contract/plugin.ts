/**
 * The plugin's end of one WebSocket, frame by frame, so that a scenario sees
 * every byte: what arrived stays as it was decoded, nothing is interpreted.
 */
import { decodeMulti, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';

import { encodeFrame, type JoinData, rtcType } from '../../demo/page/server/frames.ts';
import { eventually } from '../support/eventually.ts';
import type { ServerUnderTest } from './server.ts';

/** One message of the server. */
export interface ServerFrame {
  readonly type: unknown;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An open connection. */
export interface Plugin {
  readonly clientID: string;
  /** Of the server's `hello`. */
  readonly connID: string;
  /** Everything that came, in order, `hello` first. */
  readonly received: readonly ServerFrame[];
  /** Called for what comes from now on. */
  readonly onFrame: (listener: (frame: ServerFrame) => void) => void;
  /** Frames of WebSocket pings so far. */
  readonly pings: () => number;
  /** Joins; every key can be set or, with undefined, left out. Returns what was sent. */
  readonly join: (data: JoinKeys) => void;
  readonly leave: (sessionID: string) => void;
  readonly reconnect: (sessionID: string) => void;
  /** An `rtc` message; `data` goes as JSON. */
  readonly rtc: (sessionID: string, type: keyof typeof rtcType | number, data?: unknown) => void;
  /** One frame of these values, msgpack after msgpack. */
  readonly send: (...values: unknown[]) => void;
  readonly sendBytes: (bytes: Uint8Array | string) => void;
  /** The first message of this type about this session; waits for it. */
  readonly waitFor: (type: string, sessionID: string, timeoutMs?: number) => Promise<ServerFrame>;
  /** Messages of this type about this session so far. */
  readonly about: (type: string, sessionID: string) => readonly ServerFrame[];
  /** Close code and how it ended, undefined while it is open. */
  readonly closed: () => { readonly code: number } | undefined;
  /** Without answering pings from now on. */
  readonly stopPongs: () => void;
  /** Ends it without a handshake, as a lost network would. */
  readonly drop: () => void;
}

/** Keys of a join; what is left out here is left out on the wire. */
export type JoinKeys = Partial<JoinData> & Readonly<Record<string, unknown>>;

/** Who connects. */
export interface Credentials {
  readonly clientID: string;
  /** The `Authorization` header. */
  readonly basic: string;
}

/** Connects and waits for `hello`. Rejects when the upgrade is refused. */
export async function openPlugin(
  server: Pick<ServerUnderTest, 'wsUrl'>,
  client: Credentials,
): Promise<Plugin> {
  const socket = new WebSocket(server.wsUrl, {
    headers: { authorization: client.basic },
    maxPayload: 2 ** 20,
    perMessageDeflate: false,
    rejectUnauthorized: false,
    autoPong: false,
  });
  const received: ServerFrame[] = [];
  const listeners: ((frame: ServerFrame) => void)[] = [];
  let [pings, answersPings] = [0, true];
  let closed: { readonly code: number } | undefined;
  socket.on('ping', (data) => {
    pings += 1;
    if (answersPings) socket.pong(data);
  });
  socket.on('close', (code) => (closed = { code }));
  socket.on('message', (bytes: Buffer, isBinary) => {
    const frame = isBinary ? decode(bytes) : { type: `text ${bytes.toString()}`, data: {} };
    received.push(frame);
    for (const listener of listeners) listener(frame);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined); // What follows is `close`.
  await eventually(() => (received.length > 0 ? undefined : 'hello'));
  const hello = received[0]?.data ?? {};
  const sendBytes = (bytes: Uint8Array | string): void => socket.send(bytes);
  const about = (type: string, sessionID: string): readonly ServerFrame[] =>
    received.filter((frame) => frame.type === type && sessionOf(frame) === sessionID);
  return {
    clientID: client.clientID,
    connID: String(hello['connID']),
    received,
    onFrame: (listener) => void listeners.push(listener),
    pings: () => pings,
    join: (data) => sendBytes(Buffer.concat([encode('join'), encode(data, { ignoreUndefined: true })])),
    leave: (sessionID) => sendBytes(encodeFrame({ type: 'leave', sessionID })),
    reconnect: (sessionID) => sendBytes(encodeFrame({ type: 'reconnect', sessionID })),
    rtc: (sessionID, type, data) => {
      const code = typeof type === 'number' ? type : rtcType[type];
      const bytes = data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)) };
      sendBytes(encodeFrame({ type: 'rtc', sessionID, rtcType: code, ...bytes }));
    },
    send: (...values) => sendBytes(Buffer.concat(values.map((value) => encode(value)))),
    sendBytes,
    waitFor: async (type, sessionID, timeoutMs = 10_000) => {
      await eventually(() => (about(type, sessionID).length > 0 ? undefined : `${type} about ${sessionID}`), {
        timeoutMs,
      });
      return about(type, sessionID)[0]!;
    },
    about,
    closed: () => closed,
    stopPongs: () => (answersPings = false),
    drop: () => socket.terminate(),
  };
}

function decode(bytes: Uint8Array): ServerFrame {
  const [type, data] = [...decodeMulti(bytes)];
  return { type, data: (data ?? {}) as Readonly<Record<string, unknown>> };
}

/** `close` names it one way, `rtc` and `vad` another (wire spec 2.3). */
function sessionOf({ data }: ServerFrame): unknown {
  return data['sessionID'] ?? data['session_id'];
}
