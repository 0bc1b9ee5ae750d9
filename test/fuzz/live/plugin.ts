/** A plugin on its WebSocket: registers its client, connects, and speaks for any number of sessions. */
import { decodeMulti, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';

import type { RtcMessage, ServerMessage } from '../../../sfu/protocol/messages.ts';
import type { PluginSession } from '../../sfu/call/harness.ts';
import { eventually } from '../../support/eventually.ts';

/** A connected plugin. */
export interface Plugin {
  readonly socket: WebSocket;
  join(callID: string, sessionID: string): PluginSession;
  close(): void;
}

const authKey = 'k'.repeat(32);

/** The header that the client authenticates with. */
export const basicAuth = (clientID: string): string =>
  `Basic ${Buffer.from(`${clientID}:${authKey}`).toString('base64')}`;

/** Makes the client known; does nothing when it is. */
export async function register(url: string, clientID: string): Promise<void> {
  await fetch(`${url}/register`, { method: 'POST', body: JSON.stringify({ clientID, authKey }) });
}

/** Connects; resolves after the hello. */
export async function connectPlugin(url: string, clientID: string): Promise<Plugin> {
  await register(url, clientID);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { authorization: basicAuth(clientID) },
  });
  const sessions = new Map<string, PluginSession>();
  const state = { isGreeted: false, problem: 'hello' };
  socket.on('error', (error) => (state.problem = error.message));
  socket.on('message', (data) => {
    const message = readMessage(data as Buffer);
    state.isGreeted = true;
    const session = message.type === 'hello' ? undefined : sessions.get(sessionOf(message));
    session?.received.push(message);
    session?.onMessage(message);
  });
  await eventually(() => (state.isGreeted ? undefined : state.problem));
  return {
    socket,
    join: (callID, sessionID) => {
      const session = sessionOn(socket, sessionID);
      sessions.set(sessionID, session);
      const props = { channelID: 'channel', av1Support: false, dcSignaling: false };
      socket.send(frame('join', { callID, userID: `user-${sessionID}`, sessionID, ...props }));
      return session;
    },
    close: () => socket.terminate(),
  };
}

function sessionOn(socket: WebSocket, sessionID: string): PluginSession {
  return {
    sessionID,
    received: [],
    onMessage: () => undefined,
    send: (type, data) => {
      const payload = data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)) };
      socket.send(frame('rtc', { session_id: sessionID, type, ...payload }));
    },
    leave: () => socket.send(frame('leave', { sessionID })),
  };
}

function frame(type: string, data: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.concat([encode(type), encode(data)]);
}

function readMessage(data: Uint8Array): ServerMessage {
  const [type, fields] = [...decodeMulti(data)] as [string, Readonly<Record<string, unknown>>];
  if (type === 'hello')
    return { type, clientID: String(fields['clientID']), connID: String(fields['connID']) };
  if (type === 'close') return { type, sessionID: String(fields['sessionID']) };
  const message: RtcMessage = {
    groupID: String(fields['group_id']),
    userID: String(fields['user_id']),
    sessionID: String(fields['session_id']),
    callID: String(fields['call_id']),
    type: Number(fields['type']),
    ...(fields['data'] instanceof Uint8Array ? { data: fields['data'] } : {}),
  };
  return { type: type === 'vad' ? 'vad' : 'rtc', message };
}

function sessionOf(message: ServerMessage): string {
  if (message.type === 'hello') return '';
  return message.type === 'close' ? message.sessionID : message.message.sessionID;
}
