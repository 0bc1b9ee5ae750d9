/**
 * A media worker with nothing of ours around it, as a process of its own on the server's core: two voices come in, in the
 * clear, and go out to 49 others each, encrypted. Reads the order as JSON, prints its ports as JSON, runs until it is killed.
 */
import { createWorker } from 'mediasoup';
import type { PlainTransport, Router, SrtpCryptoSuite } from 'mediasoup/types';

import { workerTunables } from '../../../sfu/media/tunables.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';

/** The one argument, as JSON. */
export interface BareOrder {
  readonly people: number;
  readonly speakers: number;
  /** Where everything goes; nobody reads it. */
  readonly sinkPort: number;
  readonly suite: SrtpCryptoSuite;
  /** As long as the suite asks for. */
  readonly keyBase64: string;
}

/** What it prints. */
export interface BarePorts {
  /** One for each speaker. */
  readonly ports: readonly number[];
}

/** Of the packets that come in. */
export const bareVoice = { payloadType: 100, firstSsrc: 5000 } as const;

const loopback = '127.0.0.1';
const opus = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 } as const;

async function speakerOf(
  router: Router,
  index: number,
): Promise<{ readonly id: string; readonly port: number }> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: loopback },
    rtcpMux: true,
    comedia: true,
  });
  const { id } = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [
        { mimeType: opus.mimeType, payloadType: bareVoice.payloadType, clockRate: 48_000, channels: 2 },
      ],
      encodings: [{ ssrc: bareVoice.firstSsrc + index }],
    },
  });
  return { id, port: transport.tuple.localPort };
}

async function listenerOf(router: Router, order: BareOrder): Promise<PlainTransport> {
  const { suite: cryptoSuite, keyBase64, sinkPort } = order;
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: loopback },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: cryptoSuite,
  });
  await transport.connect({ ip: loopback, port: sinkPort, srtpParameters: { cryptoSuite, keyBase64 } });
  return transport;
}

/** Everybody hears every speaker but themselves. */
async function serve(order: BareOrder): Promise<BarePorts> {
  const worker = await createWorker({ workerBin: workerBinary(), logLevel: 'error' });
  const router = await worker.createRouter({ mediaCodecs: [opus] });
  const speakers = await Promise.all(
    Array.from({ length: order.speakers }, (_, index) => speakerOf(router, index)),
  );
  for (let person = 0; person < order.people; person += 1) {
    const transport = await listenerOf(router, order);
    const { rtpCapabilities } = router;
    for (const { id: producerId } of speakers.filter((_, speaker) => speaker !== person))
      await transport.consume({ producerId, rtpCapabilities });
  }
  return { ports: speakers.map(({ port }) => port) };
}

if (import.meta.main) {
  process.env['GLIBC_TUNABLES'] = workerTunables(process.env['GLIBC_TUNABLES']); // As our server's worker has them.
  const ports = await serve(JSON.parse(process.argv[2] ?? '') as BareOrder);
  process.stdout.write(`${JSON.stringify(ports)}\n`);
}
