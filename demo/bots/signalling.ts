/** A bot's connection to the page's server: the same JSON that a page speaks. */
import { WebSocket } from 'ws';
import type { z } from 'zod';

import type { fromPage, ToPage } from '../page/server/pageMessages.ts';

/** The bot's end. */
export interface Signalling {
  send(message: z.input<typeof fromPage>): void;
  close(): void;
}

/** Connects to `pageUrl` (`http://127.0.0.1:port`). Rejects when nobody listens there. */
export async function openSignalling(
  pageUrl: string,
  onMessage: (message: ToPage) => void,
): Promise<Signalling> {
  const socket = new WebSocket(new URL('/ws', pageUrl));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined); // What follows is `close`.
  socket.on('message', (bytes: Buffer) => onMessage(JSON.parse(bytes.toString()) as ToPage));
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.terminate(),
  };
}
