/** The media port on mediasoup: workers that are kept alive, each with its own port, and calls placed on them. */
import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';

import type { BoundAddress } from '../sdp/candidates.ts';
import { openCallMedia } from './callMedia.ts';
import { type KeptWorker, keepWorker } from './keptWorker.ts';
import type { CallMedia, MediaEvent, MediaPort } from './port.ts';

/** Where media is received and by what. */
export interface MediaOptions {
  /** Path of the `mediasoup-worker` executable. */
  readonly workerBin: string;
  /** Number of workers; worker i listens on port + i. */
  readonly workers: number;
  readonly listen: {
    readonly udp: ListenOptions;
    readonly tcp: ListenOptions;
  };
  readonly log: Logger;
}

/** One protocol's sockets: the same port on each local address. No address = the protocol is not served. */
export interface ListenOptions {
  /** Local IPs, not names. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** A worker with the calls on it, each with where its events go. */
interface Place {
  readonly worker: KeptWorker;
  readonly calls: Calls;
}

type Calls = Map<CallMedia, (event: MediaEvent) => void>;

/** Binds the media ports. Rejects with a message that names address, port, protocol and the remedy. */
export async function createMediaPort(options: MediaOptions): Promise<MediaPort> {
  logTo(options.log);
  const started = await Promise.allSettled(
    Array.from({ length: options.workers }, (_, index) => openPlace(options, index)),
  );
  const places = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(places.map((place) => place.worker.close()));
    throw failed.reason;
  }
  return {
    openCall: (callID, report) => openCall(leastLoaded(places), { callID, report, log: options.log }),
    bound: places.flatMap((place) => place.worker.bound),
    trouble: () => places.map((place) => place.worker.trouble()).find((trouble) => trouble !== undefined),
    close: async () => {
      for (const place of places) for (const call of place.calls.keys()) call.close();
      await Promise.all(places.map((place) => place.worker.close()));
    },
  };
}

async function openPlace(options: MediaOptions, index: number): Promise<Place> {
  const calls: Calls = new Map();
  const worker = await keepWorker({
    workerBin: options.workerBin,
    bound: socketsOf(options.listen, index),
    onDeath: (reason) => {
      for (const report of [...calls.values()]) report({ type: 'lost', reason });
    },
    log: options.log,
  });
  return { worker, calls };
}

/** The sockets of one worker. */
export function socketsOf(listen: MediaOptions['listen'], workerIndex: number): BoundAddress[] {
  return (['udp', 'tcp'] as const).flatMap((protocol) =>
    listen[protocol].addresses.map((address) => ({
      protocol,
      address,
      port: listen[protocol].port + workerIndex,
    })),
  );
}

function openCall(
  place: Place,
  call: { readonly callID: string; readonly report: (event: MediaEvent) => void; readonly log: Logger },
): CallMedia {
  const media = openCallMedia({ ...call, worker: place.worker.current() });
  const placed: CallMedia = {
    run: (command) => media.run(command),
    close: () => {
      place.calls.delete(placed);
      media.close();
    },
  };
  place.calls.set(placed, call.report);
  return placed;
}

/** A worker that is up comes before one that is not; then the one with fewer calls. */
function leastLoaded(places: readonly Place[]): Place {
  const order = [...places].sort((a, b) => weight(a) - weight(b));
  const [first] = order;
  if (first === undefined) throw new Error('there is no media worker: set at least one');
  return first;
}

function weight(place: Place): number {
  return place.calls.size + (place.worker.trouble() === undefined ? 0 : 1e9);
}

function logTo(log: Logger): void {
  setLogEventListeners({
    onwarn: (namespace, message) => log.debug({ namespace, message }, 'Media worker warned'),
    onerror: (namespace, message, error) =>
      log.warn({ namespace, message, err: error }, 'Media worker failed'),
  });
}
