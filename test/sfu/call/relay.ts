/**
 * A path between one client and the server that loses packets or is narrow: a
 * relay for UDP on loopback, put into the server's candidates. It stands in for
 * `tc netem`, which needs a network namespace of its own.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A relay that runs. */
export interface Relay {
  /** What the client is told in place of the server's description. */
  readonly rewrite: (sdp: string) => string;
  /** Loses this share of all packets, 0 to 1, in both directions. */
  lose(share: number): void;
  /** Lets at most so many bits a second through towards the client; what does not fit is lost. */
  narrow(bitsPerSecond: number): void;
  /** Lets everything through again. */
  widen(): void;
  /** Packets that were lost so far. */
  readonly lost: () => number;
  close(): void;
}

/** Longest queue of a narrow path, milliseconds of its rate. */
const queueMs = 200;

/** Starts a relay. The server is the one in the first description that is rewritten. */
export async function startRelay(): Promise<Relay> {
  const toClient = createSocket('udp4').unref(); // A test that fails before it closes the relay must still end.
  toClient.bind(0, '127.0.0.1');
  await once(toClient, 'listening');
  const state = { share: 0, bitsPerSecond: Infinity, server: 0, freeAtMs: 0, lost: 0 };
  const ways = new Map<number, Socket>();
  const isLost = (): boolean => {
    if (Math.random() >= state.share) return false;
    state.lost += 1;
    return true;
  };
  /** When a packet has passed the narrow place; undefined when the queue before it is full. */
  const passes = (bytes: number): number | undefined => {
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, state.freeAtMs);
    if (startMs - nowMs > queueMs) {
      state.lost += 1;
      return undefined;
    }
    state.freeAtMs = startMs + (bytes * 8000) / state.bitsPerSecond;
    return state.freeAtMs - nowMs;
  };
  const down = (message: Buffer, client: RemoteInfo): void => {
    if (isLost()) return;
    const delayMs = passes(message.length);
    const send = (): void => toClient.send(message, client.port, client.address);
    if (delayMs === 0) send();
    else if (delayMs !== undefined) setTimeout(send, delayMs);
  };
  const open = (client: RemoteInfo): Socket => {
    const way = createSocket('udp4').unref();
    way.on('message', (message) => down(message, client));
    ways.set(client.port, way);
    return way;
  };
  toClient.on('message', (message, client) => {
    if (!isLost()) (ways.get(client.port) ?? open(client)).send(message, state.server, '127.0.0.1');
  });
  return {
    rewrite: (sdp) => {
      const [, port] = /^a=candidate:udp\S* 1 udp \d+ \S+ (\d+)/m.exec(sdp) ?? [];
      if (port !== undefined) state.server = Number(port);
      const own = toClient.address().port;
      return sdp
        .replaceAll(/a=candidate:tcp.*\r\n/g, '')
        .replaceAll(/(a=candidate:udp\S* 1 udp \d+ \S+) \d+/g, `$1 ${own}`);
    },
    lose: (share) => (state.share = share),
    narrow: (bitsPerSecond) => (state.bitsPerSecond = bitsPerSecond),
    widen: () => (state.bitsPerSecond = Infinity),
    lost: () => state.lost,
    close: () => {
      for (const socket of [toClient, ...ways.values()]) socket.close();
    },
  };
}
