/** The Calls plugin's WebSocket through whatever stands before the server, with sessions that peers can use. */
import { WebSocket, type ClientOptions } from 'ws';

import { decodeFrame, encodeFrame, type HostFrame } from '../../demo/page/server/frames.ts';
import type { ServerMessage } from '../../sfu/protocol/messages.ts';
import type { PluginSession } from '../sfu/call/harness.ts';

/** An open connection. */
export interface PluginSocket {
  readonly socket: WebSocket;
  /** Everything that the server sent, in order. */
  readonly received: HostFrame[];
  /** Pings of the server so far. */
  pings(): number;
  join(callID: string, sessionID: string): PluginSession;
  /** As after a user's reconnect: the session of another connection goes on here. */
  adopt(session: PluginSession): void;
}

/** Who connects, and what the TLS layer is told. */
export interface PluginOptions extends ClientOptions {
  readonly clientID: string;
  readonly authKey: string;
  /** The name that the certificate must have, where the URL has an address. */
  readonly servername?: string;
}

/** Resolves when the server has said hello; rejects with its refusal. */
export async function connectPlugin(
  url: string,
  { clientID, authKey, ...options }: PluginOptions,
): Promise<PluginSocket> {
  const token = Buffer.from(`${clientID}:${authKey}`).toString('base64');
  const socket = new WebSocket(`${url}/ws`, { ...options, headers: { authorization: `Basic ${token}` } });
  const received: HostFrame[] = [];
  const sessions = new Map<string, PluginSession>();
  let pings = 0;
  socket.on('ping', () => (pings += 1));
  const hello = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (bytes: Buffer) => {
      const frame = decodeFrame(bytes);
      received.push(frame);
      deliver(sessions, frame);
      resolve();
    });
  });
  await hello;
  return {
    socket,
    received,
    pings: () => pings,
    join: (callID, sessionID) => {
      const ids = { callID, userID: `user-${sessionID}`, sessionID, channelID: 'channel' };
      socket.send(encodeFrame({ type: 'join', join: { ...ids, av1Support: false, dcSignaling: false } }));
      return open(socket, sessions, sessionID);
    },
    adopt: (session) => {
      socket.send(encodeFrame({ type: 'reconnect', sessionID: session.sessionID }));
      sessions.set(session.sessionID, session);
      Object.assign(session, sendersOf(socket, session.sessionID));
    },
  };
}

function open(socket: WebSocket, sessions: Map<string, PluginSession>, sessionID: string): PluginSession {
  const session: PluginSession = {
    sessionID,
    received: [],
    onMessage: () => undefined,
    ...sendersOf(socket, sessionID),
  };
  sessions.set(sessionID, session);
  return session;
}

function sendersOf(socket: WebSocket, sessionID: string): Pick<PluginSession, 'send' | 'leave'> {
  return {
    send: (rtcType, value) => {
      const data = value === undefined ? {} : { data: Buffer.from(JSON.stringify(value)) };
      socket.send(encodeFrame({ type: 'rtc', sessionID, rtcType, ...data }));
    },
    leave: () => socket.send(encodeFrame({ type: 'leave', sessionID })),
  };
}

function deliver(sessions: ReadonlyMap<string, PluginSession>, frame: HostFrame): void {
  if (frame.type === 'hello' || frame.type === 'unknown') return;
  const session = sessions.get(frame.sessionID);
  const message = messageOf(frame);
  session?.received.push(message);
  session?.onMessage(message);
}

function messageOf(frame: Exclude<HostFrame, { type: 'hello' | 'unknown' }>): ServerMessage {
  if (frame.type === 'close') return frame;
  const ids = { groupID: '', userID: '', callID: '', sessionID: frame.sessionID };
  if (frame.type === 'vad') return { type: 'vad', message: { ...ids, type: frame.isSpeaking ? 7 : 8 } };
  return { type: 'rtc', message: { ...ids, type: frame.rtcType, data: frame.data } };
}
