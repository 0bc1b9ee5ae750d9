/**
 * HTTP to the API server through pooled connections. HTTP/1.1 on purpose: one
 * lost HTTP/2 connection would take all watches and calls with it at once.
 */
import { Agent, errors, ProxyAgent, type Dispatcher } from 'undici';
import type { Access, Credentials } from './credentials.ts';

/** One request, before credentials. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, from `/api` or `/apis` on. */
  readonly path: string;
  /** A function is asked when it is sent. */
  readonly body?: string | (() => string);
  readonly contentType?: string;
}

/** Where requests go out. */
export interface Transport {
  /** Status and body are the caller's to read. Aborting `signal` ends the answer's body, too. */
  call(exchange: Exchange, signal: AbortSignal): Promise<Dispatcher.ResponseData>;
  /** The same over connections kept for watches, so that these never take a call's place. */
  stream(exchange: Exchange, signal: AbortSignal): Promise<Dispatcher.ResponseData>;
  /** Waits for running calls, then closes the connections. */
  close(): Promise<void>;
  /** Closes them at once: calls that run are rejected, and so is each that comes after. */
  abandon(): Promise<void>;
}

/** Calls in flight at once; more wait their turn. */
const callConnections = 16;

/** Shorter than the API server's own 90 s, so that we never send into a connection it is closing. */
const keepAliveMs = 60_000;

/** A pool, and what it was made from. */
interface Pools {
  readonly madeFor: string;
  readonly calls: Dispatcher;
  readonly streams: Dispatcher;
}

/** Opens connections as they are needed; new ones when the credentials' certificates change. */
export function createTransport(deps: {
  readonly credentials: Credentials;
  readonly userAgent: string;
}): Transport {
  let pools: Pools | undefined;
  let isAbandoned = false;
  const poolsFor = (access: Access): Pools => {
    const madeFor = fingerprint(access);
    if (pools?.madeFor === madeFor) return pools;
    if (pools !== undefined) retire(pools);
    pools = { madeFor, calls: dispatcherFor(access, callConnections), streams: dispatcherFor(access, null) };
    return pools;
  };
  const request = async (
    pick: (pools: Pools) => Dispatcher,
    exchange: Exchange,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> => {
    const access = await deps.credentials.access();
    if (isAbandoned) throw new errors.ClientDestroyedError();
    const { body } = exchange;
    return pick(poolsFor(access)).request({
      origin: access.origin,
      path: access.basePath + exchange.path,
      method: exchange.method,
      headers: headersFor(exchange, access, deps.userAgent),
      ...(body === undefined ? {} : { body: typeof body === 'function' ? body() : body }),
      signal,
    });
  };
  return {
    call: (exchange, signal) => request((of) => of.calls, exchange, signal),
    stream: (exchange, signal) => request((of) => of.streams, exchange, signal),
    async close() {
      const closing = pools;
      pools = undefined;
      if (closing !== undefined) await Promise.all([closing.calls.close(), closing.streams.close()]);
    },
    async abandon() {
      const left = pools;
      [pools, isAbandoned] = [undefined, true];
      if (left !== undefined) await Promise.all([left.calls.destroy(), left.streams.destroy()]);
    },
  };
}

function headersFor(exchange: Exchange, access: Access, userAgent: string): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(exchange.contentType === undefined ? {} : { 'content-type': exchange.contentType }),
    ...access.headers,
  };
}

/** Time-outs are the caller's: undici's own would end quiet watches. */
function dispatcherFor(access: Access, connections: number | null): Dispatcher {
  const options = { connections, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: keepAliveMs };
  const connect = { ...access.tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
  return access.proxyUrl === undefined
    ? new Agent({ ...options, connect })
    : new ProxyAgent({ ...options, uri: access.proxyUrl, requestTls: access.tls });
}

function fingerprint(access: Access): string {
  const { ca, cert, key, servername, rejectUnauthorized } = access.tls;
  const parts = [ca, cert, key].map((part) => (Buffer.isBuffer(part) ? part.toString('base64') : part));
  return JSON.stringify([access.origin, access.proxyUrl, servername, rejectUnauthorized, parts]);
}

/** Old connections finish what they carry. */
function retire(pools: Pools): void {
  for (const dispatcher of [pools.calls, pools.streams]) dispatcher.close().catch(() => undefined);
}
