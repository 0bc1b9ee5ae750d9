/** The HTTP API without a port: `main.ts` listens, tests inject. */
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { callRoutes, type CallRoutesDeps } from './http/calls.ts';
import { clientRoutes, type ClientRoutesDeps } from './http/clients.ts';
import { drainRoutes, type DrainRoutesDeps } from './http/drain.ts';
import { sendFlat, sendNotFound, sendText } from './http/reply.ts';
import { statusRoutes, type StatusRoutesDeps } from './http/status.ts';
import { versionRoute } from './http/version.ts';

/** PEM texts of `api.http.tls`. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Everything the routes work with. */
export interface AppDeps extends ClientRoutesDeps, CallRoutesDeps, DrainRoutesDeps, StatusRoutesDeps {
  readonly build: { readonly version: string; readonly hash: string; readonly date: string };
  /** The body of `/metrics`. */
  readonly metrics: () => Promise<string>;
  /** Undefined = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  readonly log: Logger;
}

/** Bodies are a few hundred bytes; rtcd sets no limit, we do. */
const bodyLimitBytes = 64 * 1024;

/** Builds the app; every route is registered, nothing listens yet. */
export function buildApp(deps: AppDeps): FastifyInstance {
  const app = createServer(deps.tls);
  takeAnyBodyAsText(app);
  versionRoute(app, deps.build);
  statusRoutes(app, deps);
  clientRoutes(app, deps);
  callRoutes(app, deps);
  drainRoutes(app, deps);
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

/** Time-outs of rtcd (wire spec 1.6). HEAD is no method of ours: rtcd answers 404. */
function createServer(tls: TlsFiles | undefined): FastifyInstance {
  const options = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 30_000,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    clientErrorHandler: (_error: Error, socket: Socket) => refuseBytes(socket),
  };
  if (tls === undefined) return fastify({ ...options, http: upgrades });
  const https = {
    ...upgrades,
    ...tls,
    minVersion: 'TLSv1.2' as const,
    honorCipherOrder: true,
    ecdhCurve: 'P-256',
  };
  return fastify({ ...options, https });
}

/** What is not HTTP gets the answer that Go gives. */
function refuseBytes(socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
  );
}

/** rtcd reads bodies whatever their content type says. */
function takeAnyBodyAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
