/** Ports that nobody has at this moment. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/**
 * Within rtcd's limits for media, and below those that the system gives to connections (32,768 and up): between here
 * and their use only another test could take them.
 */
const [lowest, highest] = [10_000, 32_000];

/** How to look. */
export interface PortOptions {
  /** Ports in a row; a media server has one for each worker. Default 1. */
  readonly count?: number;
  /** Where to try next. Default: anywhere. */
  readonly pick?: () => number;
}

/** The first of `count` ports in a row that are free on every address, by TCP and by UDP. */
export async function freePort({ count = 1, pick }: PortOptions = {}): Promise<number> {
  for (;;) {
    const first = (pick ?? (() => randomInt(lowest, highest - count)))();
    const row = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(row.flatMap((port) => [isFreeTcp(port), isFreeUdp(port)]));
    if (free.every(Boolean)) return first;
  }
}

async function isFreeTcp(port: number): Promise<boolean> {
  const server = createServer();
  const bound = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '0.0.0.0');
  const isFree = await bound;
  if (isFree) await new Promise((resolve) => server.close(resolve));
  return isFree;
}

async function isFreeUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const bound = once(socket, 'listening').then(
    () => true,
    () => false,
  );
  socket.bind({ port, address: '0.0.0.0' });
  const isFree = await bound;
  socket.close();
  return isFree;
}
