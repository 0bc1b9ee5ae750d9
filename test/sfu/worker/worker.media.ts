/** The built worker against an independent SRTP: what our stand-in for libsrtp 3 must get right. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorker } from 'mediasoup';
import type { PlainTransport, Router, Worker } from 'mediasoup/types';

import { workerBinary } from '../../../sfu/worker/locate.ts';
import { headerLength, protect, type Suite, suites, unprotect } from './srtp.ts';

const loopback = '127.0.0.1';
const ssrc = 0x12345678;
const opus = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 } as const;

let worker: Worker;
let router: Router;
const sockets: Socket[] = [];

beforeAll(async () => {
  worker = await createWorker({ workerBin: workerBinary() });
  router = await worker.createRouter({ mediaCodecs: [opus] });
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  worker.close();
  if (!worker.subprocessClosed) await once(worker, 'subprocessclose');
});

describe.each(Object.keys(suites) as Suite[])('SRTP with %s', (suite) => {
  test('what a peer encrypts arrives decrypted', async () => {
    const { socket, transport, ours } = await connected(suite);
    const producer = await transport.produce({ kind: 'audio', rtpParameters: rtpParameters(100) });
    const consumer = await (
      await router.createDirectTransport()
    ).consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });

    const arrived = once(consumer, 'rtp') as Promise<[Buffer]>;
    socket.send(protect(rtpPacket(100), ours), transport.tuple.localPort, loopback);

    expect(payloadOf((await arrived)[0])).toEqual(payload);
  });

  test('what the worker sends is what a peer can decrypt', async () => {
    const { socket, transport, theirs } = await connected(suite);
    const source = await router.createDirectTransport();
    const producer = await source.produce({ kind: 'audio', rtpParameters: rtpParameters(100) });
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
    });

    const arrived = firstRtp(socket);
    producer.send(rtpPacket(100));

    const packet = unprotect(await arrived, theirs);
    expect(payloadOf(packet)).toEqual(payload);
    expect(packet.readUInt32BE(8)).toBe(consumer.rtpParameters.encodings?.[0]?.ssrc);
  });

  test('a forged packet goes nowhere', async () => {
    const { socket, transport, ours } = await connected(suite);
    const producer = await transport.produce({ kind: 'audio', rtpParameters: rtpParameters(100) });
    const consumer = await (
      await router.createDirectTransport()
    ).consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
    const received: Buffer[] = [];
    consumer.on('rtp', (packet: Buffer) => received.push(packet));

    const forged = protect(rtpPacket(100), ours);
    forged[20] = (forged[20] ?? 0) ^ 1;
    socket.send(forged, transport.tuple.localPort, loopback);
    const arrived = once(consumer, 'rtp');
    socket.send(protect(rtpPacket(101), ours), transport.tuple.localPort, loopback);
    await arrived; // What was sent after it is here.

    expect(received.map((packet) => packet.readUInt16BE(2))).toHaveLength(1);
  });
});

const payload = Buffer.from('a voice, as far as the worker knows');

function rtpPacket(sequenceNumber: number): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80; // Version 2.
  header[1] = 100;
  header.writeUInt16BE(sequenceNumber, 2);
  header.writeUInt32BE(sequenceNumber * 960, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

function payloadOf(rtp: Buffer): Buffer {
  return rtp.subarray(headerLength(rtp));
}

function rtpParameters(payloadType: number): Parameters<PlainTransport['produce']>[0]['rtpParameters'] {
  const { mimeType, clockRate, channels } = opus;
  return { codecs: [{ mimeType, clockRate, channels, payloadType }], encodings: [{ ssrc }] };
}

/** A transport and the socket of its peer; each end has a key of its own. */
async function connected(suite: Suite): Promise<{
  socket: Socket;
  transport: PlainTransport;
  ours: { suite: Suite; keyAndSalt: Buffer };
  theirs: { suite: Suite; keyAndSalt: Buffer };
}> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, loopback);
  await once(socket, 'listening');
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: loopback },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: suite,
  });
  const { keyBytes, saltBytes } = suites[suite];
  const ours = { suite, keyAndSalt: randomBytes(keyBytes + saltBytes) };
  await transport.connect({
    ip: loopback,
    port: socket.address().port,
    srtpParameters: { cryptoSuite: suite, keyBase64: ours.keyAndSalt.toString('base64') },
  });
  const theirs = { suite, keyAndSalt: Buffer.from(transport.srtpParameters?.keyBase64 ?? '', 'base64') };
  return { socket, transport, ours, theirs };
}

/** RTCP shares the port: its packet types are 192 to 223 (RFC 5761). */
async function firstRtp(socket: Socket): Promise<Buffer> {
  for (;;) {
    const [packet] = (await once(socket, 'message')) as [Buffer];
    const type = packet[1] ?? 0;
    if (type < 192 || type > 223) return packet;
  }
}
