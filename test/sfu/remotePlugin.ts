/** The plugin's side of sessions at a server that is a process of its own: over a real WebSocket. */
import { decodeMulti, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';

import type { ServerMessage } from '../../sfu/protocol/messages.ts';
import { eventually } from '../support/eventually.ts';
import type { PluginSession } from './call/harness.ts';

const authKey = 'k'.repeat(32);

/** A plugin that has said hello. */
export interface RemotePlugin {
  join(callID: string, sessionID: string): PluginSession;
  close(): void;
}

/** Registers itself as `clientID` and connects. */
export async function connectPlugin(url: string, clientID = 'mm'): Promise<RemotePlugin> {
  await fetch(`${url}/register`, { method: 'POST', body: JSON.stringify({ clientID, authKey }) });
  const authorization = `Basic ${Buffer.from(`${clientID}:${authKey}`).toString('base64')}`;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: { authorization } });
  socket.on('error', () => undefined);
  const sessions = new Map<string, PluginSession>();
  let isGreeted = false;
  socket.on('message', (bytes: Buffer) => {
    const message = read(bytes);
    if (message.type === 'hello') isGreeted = true;
    else take(sessions, message);
  });
  await eventually(() => (isGreeted ? undefined : 'hello'));
  const tell = (type: string, data: object): void => socket.send(Buffer.concat([encode(type), encode(data)]));
  return {
    join: (callID, sessionID) => {
      const session = sessionOf(sessionID, tell);
      sessions.set(sessionID, session);
      tell('join', { callID, sessionID, userID: `user-${sessionID}`, channelID: 'channel' });
      return session;
    },
    close: () => socket.terminate(),
  };
}

function sessionOf(sessionID: string, tell: (type: string, data: object) => void): PluginSession {
  return {
    sessionID,
    received: [],
    onMessage: () => undefined,
    send: (type, data) =>
      tell('rtc', {
        session_id: sessionID,
        type,
        ...(data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)) }),
      }),
    leave: () => tell('leave', { sessionID }),
  };
}

function take(
  sessions: ReadonlyMap<string, PluginSession>,
  message: Exclude<ServerMessage, { readonly type: 'hello' }>,
): void {
  const sessionID = message.type === 'close' ? message.sessionID : message.message.sessionID;
  const session = sessions.get(sessionID);
  session?.received.push(message);
  session?.onMessage(message);
}

function read(bytes: Buffer): ServerMessage {
  const [type, data] = [...decodeMulti(bytes)] as ['hello' | 'close' | 'rtc' | 'vad', Record<string, string>];
  if (type === 'hello') return { type, clientID: data['clientID']!, connID: data['connID']! };
  if (type === 'close') return { type, sessionID: data['sessionID']! };
  const { group_id: groupID, user_id: userID, session_id: sessionID, call_id: callID } = data;
  return {
    type,
    message: {
      groupID: groupID!,
      userID: userID!,
      sessionID: sessionID!,
      callID: callID!,
      type: Number(data['type']),
      ...(data['data'] === undefined ? {} : { data: data['data'] as unknown as Uint8Array }),
    },
  };
}
