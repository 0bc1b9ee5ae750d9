/** The media port on mediasoup: workers that are kept alive, each with its own port, and calls placed on them. */
import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';

import type { BoundAddress } from '../sdp/candidates.ts';
import { type MeteredCallMedia, openCallMedia } from './callMedia.ts';
import { PacketMeter } from './packetMeter.ts';
import { Place } from './place.ts';
import { choosePlace, expectedCores } from './placement.ts';
import type { MediaPort } from './port.ts';
import type { CpuUse } from './workerMeter.ts';

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
  /** Undefined when there is no such process, or the system does not tell. */
  readonly cpuUseOf: (pid: number) => CpuUse | undefined;
  /** How often the load of the workers is measured. Default 1,000. */
  readonly sampleIntervalMs?: number;
  /** How often packets are asked for, at most. Default 5,000. */
  readonly packetIntervalMs?: number;
  readonly log: Logger;
}

/** One protocol's sockets: the same port on each local address. No address = the protocol is not served. */
export interface ListenOptions {
  /** Local IPs, not names. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Default of `sampleIntervalMs`. */
const defaultSampleIntervalMs = 1_000;

/** Default of `packetIntervalMs`: more than a round takes. */
const defaultPacketIntervalMs = 5_000;

/** Binds the media ports. Rejects with a message that names address, port, protocol and the remedy. */
export async function createMediaPort(options: MediaOptions): Promise<MediaPort> {
  logTo(options.log);
  const places = await openPlaces(options);
  const timer = setInterval(() => {
    for (const place of places) place.sample();
  }, options.sampleIntervalMs ?? defaultSampleIntervalMs).unref();
  const choose = (held: ReadonlySet<Place>): Place => choosePlaceOf(places, held);
  const open = new Set<MeteredCallMedia>();
  const meter = new PacketMeter(() => [...open].flatMap((media) => media.tracks()));
  const meterTimer = setInterval(
    () => void meter.round(),
    options.packetIntervalMs ?? defaultPacketIntervalMs,
  ).unref();
  return {
    openCall: (callID, report, probedWorker) => {
      const probed = probedWorker === undefined ? undefined : placeAt(places, probedWorker);
      const media = openCallMedia({
        ...{ callID, report, log: options.log },
        choose: probed === undefined ? choose : () => probed,
        isProbe: probed !== undefined,
      });
      if (probed === undefined) open.add(media);
      return {
        run: (command) => media.run(command),
        close: () => {
          open.delete(media);
          media.close();
        },
      };
    },
    bound: places.flatMap((place) => place.worker.bound),
    workers: () => places.map((place) => place.status()),
    packets: () => meter.counts(),
    egressBitsPerSecond: () => meter.egressBitsPerSecond(),
    trouble: () => troubleOf(places),
    close: async () => {
      clearInterval(timer);
      clearInterval(meterTimer);
      for (const media of open) media.close();
      await Promise.all(places.map((place) => place.worker.close()));
    },
  };
}

async function openPlaces(options: MediaOptions): Promise<Place[]> {
  const { workerBin, cpuUseOf, log } = options;
  const started = await Promise.allSettled(
    Array.from({ length: options.workers }, (_, index) =>
      Place.open({ index, workerBin, cpuUseOf, bound: socketsOf(options.listen, index), log }),
    ),
  );
  const places = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed === undefined) return places;
  await Promise.all(places.map((place) => place.worker.close()));
  throw failed.reason;
}

function placeAt(places: readonly Place[], index: number): Place {
  const place = places[index];
  if (place === undefined) throw new Error(`there is no media worker ${index}`);
  return place;
}

/** Counts the session at once with what it is expected to need, so that a burst spreads. */
function choosePlaceOf(places: readonly Place[], held: ReadonlySet<Place>): Place {
  const candidates = places.map((place) => ({
    isUp: place.trouble() === undefined,
    load: place.meter.load(),
    holdsCall: held.has(place),
  }));
  const index = choosePlace(candidates);
  const [place, candidate] = [placeAt(places, index), candidates[index]];
  if (candidate === undefined) throw new Error(`there is no media worker ${index}`);
  place.meter.expect(expectedCores(candidate));
  return place;
}

function troubleOf(places: readonly Place[]): string | undefined {
  const troubles = places.map((place) => place.trouble());
  return troubles.includes(undefined) ? undefined : troubles[0];
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

function logTo(log: Logger): void {
  setLogEventListeners({
    onwarn: (namespace, message) => log.debug({ namespace, message }, 'Media worker warned'),
    onerror: (namespace, message, error) =>
      log.warn({ namespace, message, err: error }, 'Media worker failed'),
  });
}
