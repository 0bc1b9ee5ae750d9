/** One media worker: a process of mediasoup with its `WebRtcServer`, bound or not at all. */
import { createWorker } from 'mediasoup';
import type { WebRtcServer, Worker, WorkerSettings } from 'mediasoup/types';

import type { BoundAddress } from '../sdp/candidates.ts';
import { socketBufferBytes } from './sockets.ts';

/** A worker that is up, with its ports bound. */
export interface MediaWorker {
  readonly worker: Worker;
  readonly server: WebRtcServer;
  readonly bound: readonly BoundAddress[];
}

/**
 * What the worker tells of itself. It warns of every packet that it cannot use, so anybody's garbage would
 * keep this process busy with reading about it: `packets` is for looking into a trouble on a quiet machine.
 */
const logSettings = {
  errors: { logLevel: 'error' },
  packets: { logLevel: 'warn', logTags: ['ice', 'dtls', 'sctp', 'srtp'] },
} as const satisfies Record<string, WorkerSettings>;

/** Starts a worker and binds its sockets. Rejects with what is wrong and how to put it right; then nothing is left running. */
export async function startWorker(
  workerBin: string,
  bound: readonly BoundAddress[],
  tells: keyof typeof logSettings = 'errors',
): Promise<MediaWorker> {
  const worker = await createWorker({ workerBin, ...structuredClone(logSettings[tells]) });
  leaveSignalsAlone(worker);
  try {
    return { worker, server: await bind(worker, bound), bound };
  } catch (error) {
    worker.close();
    throw error;
  }
}

/** mediasoup closes a worker on SIGTERM and SIGINT by itself, which would cut every call: when to end is for the drain to decide. */
function leaveSignalsAlone(worker: Worker): void {
  const { onSignal } = worker as { readonly onSignal?: NodeJS.SignalsListener };
  if (onSignal === undefined)
    throw new Error('this release of mediasoup handles signals in a way unknown here');
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeListener(signal, onSignal);
}

async function bind(worker: Worker, bound: readonly BoundAddress[]): Promise<WebRtcServer> {
  try {
    return await worker.createWebRtcServer({
      listenInfos: bound.map(({ protocol, address, port }) => ({
        protocol,
        ip: address,
        port,
        sendBufferSize: socketBufferBytes,
        recvBufferSize: socketBufferBytes,
      })),
    });
  } catch (error) {
    throw new Error(explain((error as Error).message, bound), { cause: error });
  }
}

/** The worker says `uv_udp_bind() failed [protocol:udp, ip:'10.0.0.1', port:8045]: address already in use`. */
function explain(message: string, bound: readonly BoundAddress[]): string {
  const match = /\[protocol:(\w+), ip:'([^']+)', port:(\d+)\]: (.+)$/.exec(message);
  if (match === null) {
    const wanted = bound.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`).join(', ');
    return `cannot listen for media on ${wanted}: ${message}`;
  }
  const [, protocol = '', address = '', port = '', cause = ''] = match;
  return `cannot listen for media on ${protocol} ${address}:${port}: ${cause}; ${remedy(cause, protocol, port)}`;
}

function remedy(cause: string, protocol: string, port: string): string {
  const key = protocol === 'tcp' ? 'tcp' : 'udp';
  if (cause.includes('in use'))
    return `stop what uses it (ss -lpn 'sport = :${port}') or set rtc.ice_port_${key} to another port`;
  if (cause.includes('not available'))
    return `no interface of this machine has the address; correct rtc.ice_address_${key}`;
  return `see rtc.ice_address_${key} and rtc.ice_port_${key}`;
}
