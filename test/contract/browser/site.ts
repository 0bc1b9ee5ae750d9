/** Serves the client's page, and the WebSocket on which a page is told what to do. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { WebSocket, WebSocketServer } from 'ws';

import { clientScripts } from '../../sfu/call/clientScripts.ts';

/** A page that does what it is told. */
export interface Remote {
  /** Evaluates an expression in the page, waits for its promise, and returns what JSON keeps of it. */
  readonly evaluate: (code: string) => Promise<unknown>;
  /** Called with what the page sends to the plugin. */
  onPlugin: (json: string) => void;
}

/** A running site. */
export interface Site {
  readonly url: string;
  /** The page that calls itself so; undefined until it has connected. */
  readonly remote: (id: string) => Remote | undefined;
  readonly close: () => void;
}

const scripts = [...clientScripts, join(import.meta.dirname, 'remote.js')];

/** Listens on a free port of 127.0.0.1. */
export async function serveSite(): Promise<Site> {
  const texts = await Promise.all(scripts.map((file) => readFile(file, 'utf8')));
  const page = `<!doctype html><body>${texts.map((text) => `<script>${text}</script>`).join('')}`;
  const remotes = new Map<string, Remote>();
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    remotes.set(request.url?.split('/').at(-1) ?? '', createRemote(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    remote: (id) => remotes.get(id),
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

interface FromPage {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly plugin?: string;
}

function createRemote(socket: WebSocket): Remote {
  const pending = new Map<number, (reply: FromPage) => void>();
  let asked = 0;
  const remote: Remote = {
    onPlugin: () => undefined,
    evaluate: async (code) => {
      const id = (asked += 1);
      const reply = new Promise<FromPage>((resolve) => pending.set(id, resolve));
      socket.send(JSON.stringify({ id, code }));
      const { value, error } = await reply;
      pending.delete(id);
      if (error !== undefined) throw new Error(`${code.slice(0, 80)}: ${error}`);
      return value;
    },
  };
  socket.on('message', (bytes: Buffer) => {
    const message = JSON.parse(bytes.toString()) as FromPage;
    if (message.plugin !== undefined) remote.onPlugin(message.plugin);
    else pending.get(message.id ?? 0)?.(message);
  });
  socket.on('close', () => pending.forEach((settle) => settle({ error: 'the page is gone' })));
  return remote;
}
