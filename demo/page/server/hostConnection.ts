/** One WebSocket to one SFU host, with the HTTP calls beside it (wire spec 1 and 2.1). */
import { WebSocket } from 'ws';

import { decodeFrame, encodeFrame, type HostFrame, type PluginFrame } from './frames.ts';
import { checkVersion } from './hostSet.ts';

/** Who we are to every host, and where its API listens. */
export interface PluginIdentity {
  readonly clientID: string;
  readonly authKey: string;
  readonly apiPort: number;
}

/** An open connection. */
export interface HostConnection {
  /** False when the connection cannot take it. */
  send(frame: PluginFrame): boolean;
  close(): void;
}

/** What a connection reports. */
export interface HostEvents {
  readonly onFrame: (frame: HostFrame) => void;
  /** Once, and not after our own `close`. */
  readonly onLost: (reason: string) => void;
}

/** How a host is spoken to. */
export interface HostLink {
  /** Connects; refused credentials are registered first and then tried once more. Rejects with the reason. */
  connect(address: string, identity: PluginIdentity, events: HostEvents): Promise<HostConnection>;
  /** Rejects unless the host is new enough. */
  assertVersion(address: string, identity: PluginIdentity): Promise<void>;
  /** The host's `cpu_load`, undefined when it does not tell a number. */
  readLoad(address: string, identity: PluginIdentity): Promise<number | undefined>;
}

const dialTimeoutMs = 4000;
const requestTimeoutMs = 30_000;
const messageLimitBytes = 2 ** 20;

/** Over a WebSocket and HTTP of our own. */
export const ownLink: HostLink = { connect: connectHost, assertVersion, readLoad };

async function connectHost(
  address: string,
  identity: PluginIdentity,
  events: HostEvents,
): Promise<HostConnection> {
  try {
    return await openWebSocket(address, identity, events);
  } catch (refused) {
    const reason = await register(address, identity);
    if (reason !== undefined)
      throw new Error(`${address}: ${messageOf(refused)}; ${reason}`, { cause: refused });
    return await openWebSocket(address, identity, events);
  }
}

async function assertVersion(address: string, identity: PluginIdentity): Promise<void> {
  const body = await getJson(`http://${address}:${identity.apiPort}/version`);
  const version = body['buildVersion'];
  const verdict = checkVersion(typeof version === 'string' ? version : '');
  if (!verdict.ok) throw new Error(`${address}: ${verdict.reason}`);
}

async function readLoad(address: string, identity: PluginIdentity): Promise<number | undefined> {
  try {
    const load = (await getJson(`http://${address}:${identity.apiPort}/system`))['cpu_load'];
    return typeof load === 'number' ? load : undefined;
  } catch {
    return undefined;
  }
}

async function openWebSocket(
  address: string,
  identity: PluginIdentity,
  events: HostEvents,
): Promise<HostConnection> {
  const token = Buffer.from(`${identity.clientID}:${identity.authKey}`).toString('base64');
  const socket = new WebSocket(`ws://${address}:${identity.apiPort}/ws`, {
    headers: { authorization: `Basic ${token}` },
    handshakeTimeout: dialTimeoutMs,
    maxPayload: messageLimitBytes,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let isClosed = false;
  let lastError = 'the host closed the connection';
  socket.on('error', (error) => (lastError = error.message));
  socket.on('close', () => {
    if (!isClosed) events.onLost(lastError);
  });
  socket.on('message', (bytes: Buffer, isBinary) => {
    if (isBinary) events.onFrame(decodeFrame(bytes));
  });
  return {
    send: (frame) => {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(encodeFrame(frame));
      return true;
    },
    close: () => {
      isClosed = true;
      socket.terminate();
    },
  };
}

/** Undefined when registered, else why not. */
async function register(address: string, identity: PluginIdentity): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${address}:${identity.apiPort}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientID: identity.clientID, authKey: identity.authKey }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    if (response.status === 201) return undefined;
    return `registering failed: ${response.status} ${(await response.text()).trim()}`;
  } catch (error) {
    return `registering failed: ${messageOf(error)}`;
  }
}

async function getJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
