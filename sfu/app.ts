/** The HTTP API without a port: `main.ts` listens, tests inject. */
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions, Server as TlsServer, TlsOptions } from 'node:tls';
import type { Logger } from 'pino';
import type { TlsFiles } from './config/tlsFiles.ts';
import { callRoutes, type CallRoutesDeps } from './http/calls.ts';
import { clientRoutes, type ClientRoutesDeps } from './http/clients.ts';
import { drainRoutes, type DrainRoutesDeps } from './http/drain.ts';
import { sendFlat, sendNotFound, sendText } from './http/reply.ts';
import { statusRoutes, type StatusRoutesDeps } from './http/status.ts';
import { probeRoute, type ProbeRouteDeps } from './http/probe.ts';
import { versionRoute } from './http/version.ts';

/** How long a client may take. Defaults are rtcd's (wire spec 1.6). */
export interface HttpTimeouts {
  /** From the first byte, or the connection, to the end of the request. Default 30,000. */
  readonly requestMs: number;
  /** Between two requests. Default 30,000. */
  readonly idleMs: number;
  /** For the answer to be taken. Default 60,000. */
  readonly silenceMs: number;
  /** How often that is looked at. Default 1,000. */
  readonly checkMs: number;
}

const defaultTimeouts: HttpTimeouts = {
  requestMs: 30_000,
  idleMs: 30_000,
  silenceMs: 60_000,
  checkMs: 1_000,
};

/** Everything the routes work with. */
export interface AppDeps
  extends ClientRoutesDeps, CallRoutesDeps, DrainRoutesDeps, StatusRoutesDeps, ProbeRouteDeps {
  readonly build: { readonly version: string; readonly hash: string; readonly date: string };
  /** The body of `/metrics`. */
  readonly metrics: () => Promise<string>;
  /** Undefined = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  readonly timeouts?: HttpTimeouts;
  readonly log: Logger;
}

/** Bodies are a few hundred bytes; rtcd sets no limit, we do. */
const bodyLimitBytes = 64 * 1024;

/** Builds the app; every route is registered, nothing listens yet. */
export function buildApp(deps: AppDeps): FastifyInstance {
  const app = createServer(deps);
  takeAnyBodyAsText(app);
  versionRoute(app, deps.build);
  statusRoutes(app, deps);
  clientRoutes(app, deps);
  callRoutes(app, deps);
  drainRoutes(app, deps);
  probeRoute(app, deps);
  app.all('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  );
  app.setNotFoundHandler((_request, reply) => sendNotFound(reply));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const code = error.statusCode ?? 500;
    if (code < 500) return sendFlat(reply, code, { error: error.message });
    deps.log.error({ err: error }, 'Failed to answer');
    return sendText(reply, 500, 'internal error');
  });
  return app;
}

/** Other upgrades that a client offers, such as h2c, are ignored as HTTP allows (RFC 9110 7.8), and as Go does. */
const upgrades = {
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
};

/** HEAD is no method of ours: rtcd answers 404. */
function createServer({ tls, timeouts = defaultTimeouts }: AppDeps): FastifyInstance {
  const options = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: timeouts.requestMs,
    connectionTimeout: timeouts.silenceMs,
    keepAliveTimeout: timeouts.idleMs,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    clientErrorHandler: refuseBytes,
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
  };
  const server = { ...upgrades, connectionsCheckingInterval: timeouts.checkMs };
  if (tls === undefined) return fastify({ ...options, http: server });
  return fastify({ ...options, https: { ...server, ...secureOptions(tls) } });
}

/** No route has a schema. fastify would load two compilers of them all the same, 5 MB that stay resident. */
function noSchema(): never {
  throw new Error('routes of this server have no schemas: read bodies with http/body.ts');
}

/** As rtcd: TLS 1.2 at least, the server's order of ciphers, one curve. */
function secureOptions({ cert, key }: TlsFiles): SecureContextOptions & TlsOptions {
  return { cert, key, minVersion: 'TLSv1.2', honorCipherOrder: true, ecdhCurve: 'P-256' };
}

/** New connections get this certificate; those that are open keep theirs. */
export function serveCertificate(app: FastifyInstance, files: TlsFiles): void {
  (app.server as unknown as TlsServer).setSecureContext(secureOptions(files));
}

/** What is not HTTP gets the answer that Go gives; who is too slow, an end. */
function refuseBytes(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
    () => socket.destroy(),
  );
}

/** rtcd reads bodies whatever their content type says. */
function takeAnyBodyAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
