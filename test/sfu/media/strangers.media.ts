import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { pino } from 'pino';

import { createMediaPort } from '../../../sfu/media/mediasoup.ts';
import type { MediaEvent, MediaPort } from '../../../sfu/media/port.ts';
import { processCpu } from '../../../sfu/ops/processes.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { bindingRequest, type IceCredentials } from '../../fuzz/grammar/stun.ts';
import { openSender } from '../../fuzz/live/sockets.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

let media: MediaPort;
let port: number;
let log: string[];
const closing: (() => void)[] = [];

beforeEach(async () => {
  log = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  port = await freePort();
  const listen = { addresses: ['127.0.0.1'], port };
  media = await createMediaPort({
    ...{ workerBin: workerBinary(), workers: 1, listen: { udp: listen, tcp: listen }, log: logger },
    cpuUseOf: processCpu,
  });
});

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await media.close();
});

/** The ICE credentials of a session that waits for its client. */
async function openSession(): Promise<IceCredentials> {
  const events: MediaEvent[] = [];
  media.openCall('call', (event) => events.push(event)).run({ type: 'openTransport', sessionID: 'ann' });
  await eventually(() => (events.some(({ type }) => type === 'transportOpened') ? undefined : 'transport'));
  const [opened] = events.flatMap((event) => (event.type === 'transportOpened' ? [event.transport] : []));
  return { ufrag: opened?.iceUfrag ?? '', password: opened?.icePwd ?? '' };
}

test('packets of strangers are no business of this process, also with the log at debug', async () => {
  const credentials = await openSession();
  const sender = openSender(port);
  closing.push(() => sender.close());
  for (let count = 0; count < 500; count += 1) {
    await sender.send(bindingRequest({ ufrag: `stranger${count}`, password: 'x' }, randomBytes(12)));
    await sender.send(randomBytes(40));
  }
  // Whoever is known is answered, and then everything before has been read.
  await sender.send(bindingRequest(credentials, randomBytes(12)));
  await eventually(() => (sender.received.length > 0 ? undefined : 'answer to a Binding request'));
  expect(log.filter((line) => line.includes('Media worker warned'))).toEqual([]);
});

test('TCP connections of strangers make room: beyond 1,024 the oldest is closed, and clients are served', async () => {
  const credentials = await openSession();
  const strangers: Connection[] = [];
  for (let count = 0; count < 1_100; count += 1) strangers.push(await connectTo(port));
  for (const { socket } of strangers) socket.write(Uint8Array.of(0xff)); // Half the length of a frame.
  const closed = (): readonly number[] =>
    strangers.flatMap(({ state }, index) => (state.isClosed ? [index] : []));
  await eventually(() => (closed().length >= 1_100 - 1_024 ? undefined : `${closed().length} are closed`));
  expect(closed()).toEqual(Array.from({ length: 1_100 - 1_024 }, (_, index) => index));
  const client = await connectTo(port);
  const request = bindingRequest(credentials, randomBytes(12));
  client.socket.write(Buffer.concat([Uint8Array.of(request.length >> 8, request.length & 0xff), request]));
  await eventually(() => (client.state.bytes > 0 ? undefined : 'answer to a Binding request'));
  // Whoever was served stays, however many come.
  for (let count = 0; count < 100; count += 1) await connectTo(port);
  expect(client.state.isClosed).toBe(false);
});

interface Connection {
  readonly socket: Socket;
  readonly state: { isClosed: boolean; bytes: number };
}

function connectTo(to: number): Promise<Connection> {
  const state = { isClosed: false, bytes: 0 };
  return new Promise((resolve, reject) => {
    const socket = connect(to, '127.0.0.1', () => resolve({ socket, state }));
    socket
      .on('error', reject)
      .on('close', () => (state.isClosed = true))
      .on('data', (data) => (state.bytes += data.length));
    closing.push(() => socket.destroy());
  });
}
