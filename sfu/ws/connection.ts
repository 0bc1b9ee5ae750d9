/** One WebSocket of a plugin: keep-alive, limits, bytes ↔ messages (wire spec 2.2). */
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { createBoundedLog } from '../ops/boundedLog.ts';
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
  /** WebSockets of one client; 0 = no limit, which is the default. */
  readonly connectionsPerClient: number;
  /** Messages a second of one client over all its connections; 0 = no limit, which is the default. */
  readonly messagesPerSecond: number;
  /** A sender that is too fast is not read for at most so long before its next message. Default 5,000. */
  readonly mostPauseMs: number;
}

/** See `ConnectionLimits`. */
export const defaultLimits: ConnectionLimits = {
  pingIntervalMs: 10_000,
  pongTimeoutMs: 20_000,
  maxBufferedBytes: 8 * 1024 * 1024,
  connectionsPerClient: 0,
  messagesPerSecond: 0,
  mostPauseMs: 5_000,
};

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly connID: string;
  readonly clientID: string;
  readonly limits: ConnectionLimits;
  readonly log: Logger;
  readonly onMessage: (message: ClientMessage) => void;
  /** Milliseconds to wait before the next message is read, after one of so many bytes. */
  readonly pace: (bytes: number) => number;
  readonly onSlowed: () => void;
  readonly onSent: (type: ServerMessage['type']) => void;
  /** Called once, whatever ended it. */
  readonly onClose: () => void;
}

/** Takes over an open socket and says hello. */
export function createConnection(socket: WebSocket, options: ConnectionOptions): Connection {
  const { connID, clientID, limits, log } = options;
  const lines = createBoundedLog();
  const alive = keepAlive(socket, limits, (reason) => log.warn({ reason }, 'Dropped plugin connection'));
  const slower = createBrake(socket, alive.extend);

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
    const frame = bytesOf(data);
    const problem = isBinary ? receive(frame, options) : 'a text frame';
    if (problem !== undefined)
      lines.say(problem, (more) =>
        log.error({ reason: problem, bytes: frame.length, ...more }, 'Ignored message'),
      );
    const waitMs = Math.min(options.pace(frame.length), limits.mostPauseMs);
    if (waitMs > 0 && slower.wait(waitMs)) options.onSlowed();
  });
  socket.on('error', (error) => log.warn({ reason: error.message }, 'Plugin connection failed'));
  socket.on('close', () => {
    alive.stop();
    slower.release();
    options.onClose();
  });
  send({ type: 'hello', clientID, connID });
  return { connID, clientID, send, close: () => closeGently(socket) };
}

/** Returns why it could not be read. */
function receive(frame: Uint8Array, { onMessage }: ConnectionOptions): string | undefined {
  const decoded = decodeClientMessage(frame);
  if (!decoded.ok) return decoded.reason;
  onMessage(decoded.message);
  return undefined;
}

/** Stops reading for a while: TCP then slows the sender down, and nothing is lost. `onResume`: it is read again. */
function createBrake(
  socket: WebSocket,
  onResume: () => void,
): { wait(waitMs: number): boolean; release(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    /** True when it was not waiting already. */
    wait(waitMs) {
      const isNew = timer === undefined;
      clearTimeout(timer);
      socket.pause();
      timer = setTimeout(() => {
        timer = undefined;
        onResume();
        socket.resume();
      }, waitMs).unref();
      return isNew;
    },
    release: () => clearTimeout(timer),
  };
}

/**
 * Pings, and drops whoever does not pong in time: data does not count, as in rtcd. `extend` gives a pong time that we
 * did not read meanwhile; a process that stood still takes that for itself.
 */
function keepAlive(
  socket: WebSocket,
  limits: ConnectionLimits,
  onMiss: (reason: string) => void,
): { readonly extend: () => void; readonly stop: () => void } {
  const deadline = setTimeout(() => {
    onMiss(`no pong for ${limits.pongTimeoutMs / 1000} s`);
    socket.terminate();
  }, limits.pongTimeoutMs).unref();
  const extend = (): void => void deadline.refresh();
  socket.on('pong', extend);
  let pingedAtMs = performance.now();
  const ping = setInterval(() => {
    const nowMs = performance.now();
    // A process that stood still has neither asked nor read meanwhile.
    if (nowMs - pingedAtMs > 2 * limits.pingIntervalMs) extend();
    pingedAtMs = nowMs;
    socket.ping();
  }, limits.pingIntervalMs).unref();
  return {
    extend,
    stop: () => {
      clearInterval(ping);
      clearTimeout(deadline);
    },
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
