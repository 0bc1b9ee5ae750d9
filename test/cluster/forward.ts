/** Passes requests on to the real API server, and its answers back. */
import type { ClientRequest, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { isWrite } from './apiCall.ts';
import type { Exchange } from './exchange.ts';
import type { Fate } from './faults.ts';
import type { Cluster } from './options.ts';
import type { Streams } from './streams.ts';
import { createWitnessed, type WriteWitness } from './witness.ts';

/** Passes requests on. */
export interface Forwarder {
  /** Does with a request what its fate is. */
  handle(exchange: Exchange, fate: Fate): void;
  close(): void;
}

/** What it must know of the cluster. */
export type Upstream = Pick<Cluster, 'server' | 'authority' | 'admin'>;

/** How things are passed on. */
export interface ForwarderOptions {
  /** Watches go through these. */
  readonly streams: Streams;
  /** Sees every write. */
  readonly witness: WriteWitness | undefined;
}

/** Connects to the API server lazily. */
export function createForwarder(
  { server, authority: ca, admin }: Upstream,
  { streams, witness }: ForwarderOptions,
): Forwarder {
  const asAdmin = new Agent({ keepAlive: true, ca, cert: admin.certificate, key: admin.key });
  // A certificate would count before the token.
  const withToken = new Agent({ keepAlive: true, ca });

  const open = ({ incoming }: Exchange): ClientRequest => {
    const headers = { ...incoming.headers };
    delete headers.host;
    const agent = headers.authorization === undefined ? asAdmin : withToken;
    return request(`${server}${incoming.url ?? '/'}`, { agent, headers, method: incoming.method });
  };
  const forward = (exchange: Exchange, losesAnswer: boolean): void => {
    const { incoming, outgoing, call } = exchange;
    const upstream = open(exchange);
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

  const witnessed = witness && createWitnessed(witness);

  return {
    handle(exchange, fate) {
      if (fate === 'cut') exchange.incoming.socket.destroy();
      else if (typeof fate === 'object') reject(exchange.outgoing, fate.rejectedWith);
      else if (fate === 'forward' && isWrite(exchange.call) && witnessed !== undefined)
        witnessed(exchange, open(exchange));
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
