/** Opens the API's port; a failure says what to do about it. */
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createBoundedLog } from '../ops/boundedLog.ts';
import { formatListenAddress, parseListenAddress, type ListenAddress } from '../config/listenAddress.ts';

/** Resolves when the port is open. Rejects with the key, the address, and the remedy. */
export async function listen(app: FastifyInstance, listenAddress: string): Promise<void> {
  const address = parseListenAddress(listenAddress) ?? { host: '', port: 0 };
  try {
    await app.listen({ port: address.port, host: address.host === '' ? everyAddress() : address.host });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Error(listenProblem(code, message, address), { cause: error });
  }
}

/** Connections beyond `most` (0 = no limit) are closed at once, which is logged now and then. */
export function boundConnections(app: FastifyInstance, most: number, log: Logger): void {
  if (most === 0) return;
  const lines = createBoundedLog();
  app.server.maxConnections = most;
  app.server.on('drop', (dropped?: { readonly remoteAddress?: string }) => {
    const reason = `limit of ${most} connections is reached (limits.connections)`;
    lines.say('drop', (more) =>
      log.warn({ reason, remoteAddress: dropped?.remoteAddress, ...more }, 'Closed connection'),
    );
  });
}

/** Why the port could not be opened, and what helps. */
export function listenProblem(code: string, message: string, address: ListenAddress): string {
  const where = `api.http.listen_address ${formatListenAddress(address)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is in use by another program: stop it (ss -ltnp 'sport = :${address.port}' names it), or set RTCD_API_HTTP_LISTENADDRESS to another port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where}: this machine has no such address; use one that it has (ip address), or :${address.port} for all`;
    case 'EACCES':
      return `${where}: ports below 1024 need the capability NET_BIND_SERVICE; choose a higher one`;
    default:
      return `${where}: ${message}`;
  }
}

/** Both families where the machine has IPv6 at all. */
function everyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flat();
  return addresses.some((one) => one?.family === 'IPv6') ? '::' : '0.0.0.0';
}
