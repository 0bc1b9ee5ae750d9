/** Passes requests on to the real API server, and its answers back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { ApiCall } from './apiCall.ts';
import type { Fate } from './faults.ts';
import type { Cluster } from './options.ts';
import type { Streams } from './streams.ts';

/** A request and where its answer goes. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly call: ApiCall;
}

/** Passes requests on. */
export interface Forwarder {
  /** Does with a request what its fate is. */
  handle(exchange: Exchange, fate: Fate): void;
  close(): void;
}

/** What it must know of the cluster. */
export type Upstream = Pick<Cluster, 'server' | 'authority' | 'admin'>;

/** Watches go through `streams`. */
export function createForwarder({ server, authority: ca, admin }: Upstream, streams: Streams): Forwarder {
  const asAdmin = new Agent({ keepAlive: true, ca, cert: admin.certificate, key: admin.key });
  // A certificate would count before the token.
  const withToken = new Agent({ keepAlive: true, ca });

  const forward = ({ incoming, outgoing, call }: Exchange, losesAnswer: boolean): void => {
    const headers = { ...incoming.headers };
    delete headers.host;
    const agent = headers.authorization === undefined ? asAdmin : withToken;
    const upstream = request(`${server}${incoming.url ?? '/'}`, { agent, headers, method: incoming.method });
    upstream.on('response', (answer) => {
      answer.on('error', () => outgoing.destroy());
      if (losesAnswer) {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (call.verb === 'watch') streams.pass(call, answer, outgoing);
      else answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy()); // The client left: so do we.
    incoming.pipe(upstream);
  };

  return {
    handle(exchange, fate) {
      if (fate === 'cut') exchange.incoming.socket.destroy();
      else if (typeof fate === 'object') reject(exchange.outgoing, fate.rejectedWith);
      else forward(exchange, fate === 'loseAnswer');
    },
    close() {
      asAdmin.destroy();
      withToken.destroy();
    },
  };
}

/** As the API server words it: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
function reject(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  const message = `The test's proxy rejected this with ${status}`;
  outgoing.end(
    JSON.stringify({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code: status, message }),
  );
}
