/** An HTTP server for a few small requests: of the operator, and of the agent of a TURN pod. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where it listens. */
export interface Place {
  /** Default: all addresses. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A listening server. */
export interface SmallServer {
  readonly port: number;
  /** Ends requests that are under way, too. */
  close(): Promise<void>;
}

/** A client that sends its request slower than this is not one of ours. */
const requestTimeoutMs = 5_000;

/** Resolves when it listens; rejects when the port is taken. */
export async function listen(place: Place, onRequest: RequestListener): Promise<SmallServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, onRequest);
  await listening(server, place);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve());
  });
}
