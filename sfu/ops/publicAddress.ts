/** Asks a STUN server which public address each local one has (wire spec 6). */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { Logger } from 'pino';
import type { StunServer } from '../config/stunServer.ts';
import { bindingRequest, mappedAddress, transactionIDBytes } from '../protocol/stun.ts';

/** What is asked, and from where. */
export interface DiscoverOptions {
  readonly server: StunServer;
  /** Local IPs, not names. */
  readonly locals: readonly string[];
  readonly log: Logger;
  /** For each local address, all at the same time. Default 5,000, as rtcd waits. */
  readonly timeoutMs?: number;
  /** Asked before: what comes of it is no news. Default false. */
  readonly isRepeated?: boolean;
}

/** RFC 8489 6.2.1: asked again after this, then after twice as long, and so on. */
const firstRetryMs = 500;

/** Local address → public address, of those that got an answer. Never rejects; the log says what is missing and what to do. */
export async function discoverPublicAddresses(
  options: DiscoverOptions,
): Promise<ReadonlyMap<string, string>> {
  const { server, log, timeoutMs = 5_000, isRepeated = false } = options;
  const found = await Promise.all(
    [...new Set(options.locals)].map(async (local) => {
      try {
        const address = await ask(local, server, AbortSignal.timeout(timeoutMs));
        log[isRepeated ? 'debug' : 'info'](
          { local, address, stunServer: server.url },
          'Found public address',
        );
        return [[local, address] as const];
      } catch (error) {
        log[isRepeated ? 'debug' : 'warn'](
          { local, stunServer: server.url, reason: reasonOf(error, timeoutMs) },
          'Found no public address',
        );
        return [];
      }
    }),
  );
  return new Map(found.flat());
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message } = error as Error;
  const cause = name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : message;
  return `${cause}; clients are told the local address: set rtc.ice_host_override if they cannot reach it`;
}

async function ask(local: string, server: StunServer, signal: AbortSignal): Promise<string> {
  const family = local.includes(':') ? 6 : 4;
  const { address } = await within(signal, lookup(server.host, { family }));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    // Connected, so that a port nobody listens on is told at once.
    await within(signal, opened(socket, local, { address, port: server.port }));
    return await within(signal, answered(socket, signal));
  } finally {
    socket.close();
  }
}

function opened(
  socket: Socket,
  local: string,
  remote: { readonly address: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    // A failed connect is told to its callback, not as an event.
    const connected = (error?: Error): void => (error === undefined ? resolve() : reject(error));
    socket.bind(0, local, () => socket.connect(remote.port, remote.address, connected));
  });
}

function answered(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const transactionID = randomBytes(transactionIDBytes);
    socket.on('error', reject);
    socket.on('message', (message) => {
      const address = mappedAddress(message, transactionID);
      if (address !== undefined) resolve(address);
    });
    const send = (retryMs: number): void => {
      if (signal.aborted) return;
      socket.send(bindingRequest(transactionID));
      const retry = setTimeout(() => send(2 * retryMs), retryMs);
      socket.once('close', () => clearTimeout(retry));
    };
    send(firstRetryMs);
  });
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const timeout = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, timeout]);
}
