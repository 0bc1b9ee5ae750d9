/** `/livez`, `/readyz` and `/metrics` for the kubelet and Prometheus. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Says why not; undefined when all is well. */
export type Check = () => string | undefined;

/** What a health server is made of. */
export interface HealthDeps {
  /** Default: all addresses. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Failing makes the kubelet restart the container: only for what a restart heals. */
  readonly isAlive: Check;
  readonly isReady: Check;
  /** Prometheus text format 0.0.4. */
  readonly metrics: () => Promise<string>;
}

/** A listening server. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A client that sends its request slower than this is not one of ours. */
const requestTimeoutMs = 5000;

/** Resolves when it listens; rejects when the port is taken. */
export async function startHealthServer(deps: HealthDeps): Promise<HealthServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    answerTo(deps, path)
      .catch((error: unknown) => ({ status: 500, text: String(error) }))
      .then(
        (answer) => send(response, answer),
        () => response.destroy(),
      );
  });
  await listening(server, deps);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, deps: HealthDeps): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: deps.port, host: deps.host }, () => resolve());
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

async function answerTo(deps: HealthDeps, path: string): Promise<Answer> {
  switch (path) {
    case '/livez':
      return checked(deps.isAlive());
    case '/readyz':
      return checked(deps.isReady());
    case '/metrics':
      return { status: 200, text: await deps.metrics(), type: 'text/plain; version=0.0.4; charset=utf-8' };
    default:
      return { status: 404, text: 'not found: try /livez, /readyz or /metrics' };
  }
}

function checked(reasonWhyNot: string | undefined): Answer {
  return reasonWhyNot === undefined ? { status: 200, text: 'ok' } : { status: 503, text: reasonWhyNot };
}

function send(response: ServerResponse, { status, text, type = 'text/plain' }: Answer): void {
  response.writeHead(status, { 'content-type': type }).end(`${text.trimEnd()}\n`);
}
