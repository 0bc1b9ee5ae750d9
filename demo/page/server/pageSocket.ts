/** The WebSocket of one page: JSON in, checked, handed to the plugin; bad input ends that page only. */
import type { WebSocket } from 'ws';
import { z } from 'zod';

import { type FromPage, numbered, type ToPage } from './pageMessages.ts';
import type { Plugin } from './plugin.ts';

/** Serves one page until its connection closes. */
export function servePage(socket: WebSocket, plugin: Plugin, log: (line: string) => void): void {
  let sessionID: string | undefined;
  let hasLeft = false;
  let inOrder: Promise<void> = Promise.resolve();
  const send = (message: ToPage): void => {
    if (message.type === 'ended') sessionID = undefined;
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };

  const handle = async ({ message, number }: Numbered): Promise<void> => {
    switch (message.type) {
      case 'join':
        if (sessionID !== undefined) throw new Error('already in a call');
        sessionID = await plugin.join(message, send);
        if (hasLeft) plugin.leave(sessionID);
        return;
      case 'reconnect':
        if (!plugin.reconnect(message.sessionID, send)) throw new Error('that session has ended');
        sessionID = message.sessionID;
        return;
      default:
        if (sessionID !== undefined && plugin.mailbox.takes(sessionID, number))
          inSession(plugin, sessionID, message);
        if (number !== undefined) send({ type: 'took', number });
    }
  };

  socket.on('message', (bytes: Buffer) => {
    inOrder = inOrder
      .then(() => handle(parseMessage(bytes)))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log(`refused a page's message: ${reason}`);
        send({ type: 'refused', reason });
      });
  });
  socket.on('error', (error) => log(`a page's connection failed: ${error.message}`));
  socket.on('close', () => {
    hasLeft = true;
    if (sessionID !== undefined) plugin.dropped(sessionID, send);
  });
}

type InSession = Exclude<FromPage, { type: 'join' | 'reconnect' }>;
type OfPicture = Extract<InSession, { type: 'screenOn' | 'screenOff' | 'videoOn' | 'videoOff' }>;

function inSession(plugin: Plugin, sessionID: string, message: InSession): void {
  switch (message.type) {
    case 'sdp': {
      plugin.sdp(sessionID, message.data);
      return;
    }
    case 'ice': {
      plugin.ice(sessionID, message.candidate);
      return;
    }
    case 'mute':
    case 'unmute': {
      plugin.setMuted(sessionID, message.type === 'mute');
      return;
    }
    case 'leave': {
      plugin.leave(sessionID);
      return;
    }
    default:
      ofPicture(plugin, sessionID, message);
  }
}

function ofPicture(plugin: Plugin, sessionID: string, message: OfPicture): void {
  const streamID = 'streamID' in message ? message.streamID : undefined;
  if (message.type === 'screenOn' || message.type === 'screenOff') plugin.setScreen(sessionID, streamID);
  else plugin.setVideo(sessionID, streamID);
}

interface Numbered {
  readonly message: FromPage;
  readonly number?: number | undefined;
}

function parseMessage(bytes: Buffer): Numbered {
  const parsed = numbered.safeParse(JSON.parse(bytes.toString()));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
