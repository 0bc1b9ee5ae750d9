/** How messages reach a TURN server: datagrams, or a stream with or without TLS. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { framesIn } from './channelData.ts';

/** Where the server is, and how it is spoken to. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** With tls: the name in its certificate; absent: the certificate is not checked, only used. */
  readonly serverName?: string;
  /** With serverName: PEM of the authority; absent: those of the system. */
  readonly ca?: string;
  /** Address to speak from; absent: the system's choice. */
  readonly localAddress?: string;
}

/** A way to the server. */
export interface Transport {
  readonly isReliable: boolean;
  send(message: Buffer): void;
  close(): void;
}

/** What is told of it. */
export interface TransportEvents {
  readonly onMessage: (bytes: Buffer) => void;
  /** It is over, and why. Not told after `close`. */
  readonly onEnd: (reason: string) => void;
}

/** Rejects when there is no connection within `timeoutMs`. */
export async function openTransport(
  server: ServerAddress,
  events: TransportEvents,
  timeoutMs: number,
): Promise<Transport> {
  const signal = AbortSignal.timeout(timeoutMs);
  return server.transport === 'udp' ? openUdp(server, events) : openStream(server, events, signal);
}

async function openUdp(
  { host, port, localAddress }: ServerAddress,
  { onMessage, onEnd }: TransportEvents,
): Promise<Transport> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('message', onMessage);
  socket.on('error', ({ message }) => onEnd(message));
  if (localAddress !== undefined) {
    socket.bind(0, localAddress);
    await once(socket, 'listening');
  }
  socket.connect(port, host);
  await once(socket, 'connect');
  return {
    isReliable: false,
    // A refusal by ICMP is told on the socket; what is not answered is sent again.
    send: (message) => socket.send(message, () => undefined),
    close: () =>
      void socket
        .removeAllListeners('error')
        .on('error', () => undefined)
        .close(),
  };
}

async function openStream(
  server: ServerAddress,
  { onMessage, onEnd }: TransportEvents,
  signal: AbortSignal,
): Promise<Transport> {
  const socket = streamTo(server);
  await connected(socket, server.transport === 'tls' ? 'secureConnect' : 'connect', signal);
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    const cut = framesIn(Buffer.concat([rest, bytes]));
    rest = cut.rest;
    cut.frames.forEach(onMessage);
  });
  let isClosed = false;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (!isClosed) onEnd('the server has closed the connection');
  });
  return {
    isReliable: true,
    send: (message) => void socket.write(message),
    close: () => {
      isClosed = true;
      socket.destroy();
    },
  };
}

function streamTo({ host, port, transport, serverName, ca, localAddress }: ServerAddress): Socket {
  const to = { host, port, ...(localAddress !== undefined && { localAddress }) };
  if (transport !== 'tls') return connectTcp(to);
  const trust = { servername: serverName ?? '', rejectUnauthorized: serverName !== undefined };
  return connectTls({ ...to, ...trust, ...(ca !== undefined && { ca }), minVersion: 'TLSv1.2' });
}

async function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw signal.aborted ? new Error('no connection in time') : error;
  }
}
