/** Puts real work on a media worker: packets that it forwards to a socket nobody reads. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import type { DirectTransport, PlainTransport, Producer, Router, Worker } from 'mediasoup/types';

const loopback = '127.0.0.1';
const ssrc = 0x10ad;
const opus = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 } as const;

/** Each packet that goes in comes out so often: the cost lies with the worker, not with us. */
const copies = 200;

/** A load whose rate can be changed. */
export interface WorkerLoad {
  /** Packets out per second. */
  setRate(packetsPerSecond: number): void;
  /** Packets that the worker has sent so far, by its own count. */
  sent(): Promise<number>;
  stop(): void;
}

/** Prepares the load; nothing flows before `setRate`. */
export async function loadWorker(worker: Worker): Promise<WorkerLoad> {
  const router = await worker.createRouter({ mediaCodecs: [opus] });
  const sink = await openSink();
  const out = await openOut(router, sink);
  const direct = await router.createDirectTransport();
  const producer = await produce(direct);
  const consume = (): Promise<unknown> =>
    out.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
  await Promise.all(Array.from({ length: copies }, consume));
  const pump = createPump(producer);
  return {
    setRate: (packetsPerSecond) => pump.setRate(packetsPerSecond / copies),
    sent: async () => (await out.getStats()).reduce((sum, { rtpBytesSent }) => sum + rtpBytesSent, 0),
    stop: () => {
      pump.stop();
      router.close();
      sink.close();
    },
  };
}

async function openSink(): Promise<Socket> {
  const sink = createSocket({ type: 'udp4', recvBufferSize: 4096 });
  sink.bind(0, loopback);
  await once(sink, 'listening');
  return sink;
}

async function openOut(router: Router, sink: Socket): Promise<PlainTransport> {
  const out = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: loopback },
    rtcpMux: true,
  });
  await out.connect({ ip: loopback, port: sink.address().port });
  return out;
}

function produce(direct: DirectTransport): Promise<Producer> {
  return direct.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc }],
    },
  });
}

/** Sends so many packets a second, by the clock. */
function createPump(producer: Producer): { setRate(perSecond: number): void; stop(): void } {
  let [sequence, due, perMs, lastMs] = [0, 0, 0, performance.now()];
  const timer = setInterval(() => {
    const nowMs = performance.now();
    due += Math.min(100, nowMs - lastMs) * perMs;
    lastMs = nowMs;
    for (; due >= 1; due -= 1) producer.send(packet((sequence += 1)));
  }, 5);
  return { setRate: (perSecond) => void (perMs = perSecond / 1000), stop: () => clearInterval(timer) };
}

function packet(sequence: number): Buffer {
  const bytes = Buffer.alloc(172, 1);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8(100, 1);
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE((sequence * 960) >>> 0, 4);
  bytes.writeUInt32BE(ssrc, 8);
  return bytes;
}
