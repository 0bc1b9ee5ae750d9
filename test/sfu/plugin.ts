/** A plugin at a real server: registers itself, connects, and speaks for users whose peers are in this process. */
import { decodeMulti, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import type { RtcMessage, ServerMessage } from '../../sfu/protocol/messages.ts';
import { eventually } from '../support/eventually.ts';
import type { PluginSession } from './call/harness.ts';

/** One WebSocket. */
export interface Plugin {
  readonly socket: WebSocket;
  /** Everything received, in order: type and data. */
  readonly received: unknown[][];
  /** Lets a user join; the session may be given to a `Peer`. */
  readonly join: (callID: string, sessionID: string) => PluginSession;
  /** Sends one message. */
  readonly send: (type: string, data: unknown) => void;
}

/** 32 characters, as plugins make them. */
export const pluginKey = 'key-of-a-plugin-in-a-test-123456';

/** Registers `clientID` where that is allowed and not done yet, and connects. */
export async function connectPlugin(url: string, clientID = 'mm'): Promise<Plugin> {
  const body = JSON.stringify({ clientID, authKey: pluginKey });
  await fetch(`${url}/register`, { method: 'POST', body });
  const basic = Buffer.from(`${clientID}:${pluginKey}`).toString('base64');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Basic ${basic}` },
  });
  const received: unknown[][] = [];
  const sessions = new Map<string, PluginSession>();
  socket.on('message', (data) => {
    const message = [...decodeMulti(data as Buffer)];
    received.push(message);
    pass(message, sessions);
  });
  socket.on('error', () => undefined);
  await eventually(() => (received.length > 0 ? undefined : 'hello'));
  const send = (type: string, data: unknown): void =>
    socket.send(Buffer.concat([encode(type), encode(data)]));
  const join = (callID: string, sessionID: string): PluginSession => {
    const session = sessionOf(sessionID, send);
    sessions.set(sessionID, session);
    send('join', { callID, userID: `user-${sessionID}`, sessionID, channelID: 'channel' });
    return session;
  };
  return { socket, received, join, send };
}

function sessionOf(sessionID: string, send: Plugin['send']): PluginSession {
  return {
    sessionID,
    received: [],
    onMessage: () => undefined,
    send: (type, data) =>
      send('rtc', {
        session_id: sessionID,
        type,
        ...(data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)) }),
      }),
    leave: () => send('leave', { sessionID }),
  };
}

/** What the server says about a session reaches its peer. */
function pass([type, data]: unknown[], sessions: ReadonlyMap<string, PluginSession>): void {
  if (type !== 'rtc') return;
  const raw = data as Record<string, unknown>;
  const session = sessions.get(String(raw['session_id']));
  const message: RtcMessage = {
    groupID: '',
    userID: '',
    callID: '',
    sessionID: String(raw['session_id']),
    type: Number(raw['type']),
    data: raw['data'] as Uint8Array,
  };
  const passed: ServerMessage = { type: 'rtc', message };
  session?.received.push(passed);
  session?.onMessage(passed);
}
