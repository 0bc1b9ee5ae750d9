/** As a process of its own on the generator's core: what the bare worker costs under the load of the scenario `1x50-u2`. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { buildRtp } from '../../../demo/bots/rtp.ts';
import { wait } from '../hall.ts';
import { startMetronome } from '../metronome.ts';
import { voicePacketBytes } from '../scenarios.ts';
import { cores, onCore } from '../servers.ts';
import { treeUse } from '../tree.ts';
import { bareVoice, type BareOrder, type BarePorts } from './bare.ts';

/** What it prints. */
export interface FloorResult {
  readonly forwarded: number;
  readonly expected: number;
  readonly cpuPerPacketUs: number;
}

/** The one argument, as JSON. */
export interface FloorOrder {
  readonly suite: BareOrder['suite'];
  readonly windowSeconds: number;
}

const loopback = '127.0.0.1';
const [people, speakers, settleSeconds] = [50, 2, 2];
const leastShare = 0.97;
/** Of key and salt, RFC 3711 and RFC 7714. */
const keyBytes: Readonly<Record<BareOrder['suite'], number>> = {
  AEAD_AES_256_GCM: 44,
  AEAD_AES_128_GCM: 28,
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
};

async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 2 ** 20 });
  socket.bind(0, loopback);
  await once(socket, 'listening');
  return socket;
}

function startBare(order: BareOrder): { readonly pid: number; readonly stdout: Readable; kill(): void } {
  const [command = '', ...args] = onCore(cores.server, [
    process.execPath,
    `${import.meta.dirname}/bare.ts`,
    JSON.stringify(order),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, stdout: child.stdout, kill: () => void child.kill('SIGKILL') };
}

function speak(socket: Socket, port: number, index: number): { send(): void } {
  const payload = Buffer.alloc(voicePacketBytes, 0x55);
  let sent = 0;
  return {
    send: () => {
      const { payloadType, firstSsrc } = bareVoice;
      const numbers = { payloadType, sequenceNumber: sent, timestamp: sent * 960, ssrc: firstSsrc + index };
      socket.send(buildRtp({ ...numbers, payload }), port, loopback);
      sent += 1;
    },
  };
}

async function measureFloor({ suite, windowSeconds }: FloorOrder): Promise<FloorResult> {
  const sink = await openSocket();
  let came = 0;
  sink.on('message', (packet) => {
    const kind = packet[1] ?? 0;
    if (kind < 192 || kind > 223) came += 1; // The others are RTCP, RFC 5761 4.
  });
  const keyBase64 = randomBytes(keyBytes[suite]).toString('base64');
  const bare = startBare({ people, speakers, suite, keyBase64, sinkPort: sink.address().port });
  try {
    const [line] = (await once(createInterface(bare.stdout), 'line')) as [string];
    const { ports } = JSON.parse(line) as BarePorts;
    const metronome = startMetronome();
    ports.forEach((port, index) => metronome.add(speak(sink, port, index)));
    await wait(settleSeconds);
    const [begin, before, startedMs] = [treeUse(bare.pid), came, performance.now()];
    await wait(windowSeconds);
    const [end, forwarded, tookMs] = [treeUse(bare.pid), came - before, performance.now() - startedMs];
    metronome.stop();
    const expected = Math.round((tookMs / 1000) * speakers * (people - 1) * 50);
    if (forwarded < expected * leastShare) throw new Error(`${forwarded} of ${expected} packets arrived`);
    return { forwarded, expected, cpuPerPacketUs: ((end.cpuMs - begin.cpuMs) * 1000) / forwarded };
  } finally {
    bare.kill();
    sink.close();
  }
}

if (import.meta.main) {
  process.stdout.write(JSON.stringify(await measureFloor(JSON.parse(process.argv[2] ?? '') as FloorOrder)));
  process.exit(0);
}
