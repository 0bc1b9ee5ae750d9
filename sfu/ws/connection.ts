/** One WebSocket of a plugin: keep-alive, limits, bytes ↔ messages (wire spec 2.2). */
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { ServerMessage } from '../protocol/messages.ts';
import { decodeClientMessage, encodeServerMessage, type ClientMessage } from '../protocol/clientMessage.ts';

/** A plugin connection as the rest of `ws/` sees it. */
export interface Connection {
  readonly connID: string;
  readonly clientID: string;
  /** False when the message could not be taken: the connection is closed or its reader too slow. */
  send(message: ServerMessage): boolean;
  /** What was sent still goes out. Resolves when the socket is gone, a second later at most. */
  close(): Promise<void>;
}

/** Limits of a connection; the defaults are rtcd's where it has them. */
export interface ConnectionLimits {
  /** Default 10,000. */
  readonly pingIntervalMs: number;
  /** Default 20,000; only a pong extends it. */
  readonly pongTimeoutMs: number;
  /** Bytes that may wait for a slow reader. Default 8 MiB: some thousand descriptions. */
  readonly maxBufferedBytes: number;
}

/** See `ConnectionLimits`. */
export const defaultLimits: ConnectionLimits = {
  pingIntervalMs: 10_000,
  pongTimeoutMs: 20_000,
  maxBufferedBytes: 8 * 1024 * 1024,
};

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly connID: string;
  readonly clientID: string;
  readonly limits: ConnectionLimits;
  readonly log: Logger;
  readonly onMessage: (message: ClientMessage) => void;
  readonly onSent: (type: ServerMessage['type']) => void;
  /** Called once, whatever ended it. */
  readonly onClose: () => void;
}

/** Takes over an open socket and says hello. */
export function createConnection(socket: WebSocket, options: ConnectionOptions): Connection {
  const { connID, clientID, limits, log } = options;
  const stopKeepAlive = keepAlive(socket, limits, (reason) =>
    log.warn({ reason }, 'Dropped plugin connection'),
  );

  const send = (message: ServerMessage): boolean => {
    if (socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount > limits.maxBufferedBytes) {
      log.warn(
        { reason: `${socket.bufferedAmount} bytes wait for a slow reader` },
        'Dropped plugin connection',
      );
      socket.terminate();
      return false;
    }
    socket.send(encodeServerMessage(message));
    options.onSent(message.type);
    return true;
  };

  socket.on('message', (data, isBinary) => {
    if (isBinary) receive(bytesOf(data), options);
    else log.warn({ reason: 'a text frame' }, 'Ignored message');
  });
  socket.on('error', (error) => log.warn({ reason: error.message }, 'Plugin connection failed'));
  socket.on('close', () => {
    stopKeepAlive();
    options.onClose();
  });
  send({ type: 'hello', clientID, connID });
  return { connID, clientID, send, close: () => closeGently(socket) };
}

function receive(frame: Uint8Array, { log, onMessage }: ConnectionOptions): void {
  const decoded = decodeClientMessage(frame);
  if (decoded.ok) onMessage(decoded.message);
  else log.error({ reason: decoded.reason, bytes: frame.length }, 'Ignored message');
}

/** Pings, and drops whoever does not pong in time: data does not count, as in rtcd. */
function keepAlive(
  socket: WebSocket,
  limits: ConnectionLimits,
  onMiss: (reason: string) => void,
): () => void {
  const ping = setInterval(() => socket.ping(), limits.pingIntervalMs).unref();
  const deadline = setTimeout(() => {
    onMiss(`no pong for ${limits.pongTimeoutMs / 1000} s`);
    socket.terminate();
  }, limits.pongTimeoutMs).unref();
  socket.on('pong', () => deadline.refresh());
  return () => {
    clearInterval(ping);
    clearTimeout(deadline);
  };
}

/** 1001 = going away (RFC 6455 7.4.1). */
function closeGently(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) resolve();
    socket.once('close', () => resolve());
    socket.close(1001);
    setTimeout(() => socket.terminate(), 1_000).unref();
  });
}

/** A frame is one Buffer unless `ws` is told otherwise. */
function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
