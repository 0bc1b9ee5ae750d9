import { afterEach, describe, expect, test } from '@jest/globals';

import { pino } from 'pino';

import { createMediaPort, socketsOf } from '../../../sfu/media/mediasoup.ts';
import type { MediaEvent, MediaPort } from '../../../sfu/media/port.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../call/harness.ts';

const lines: Readonly<Record<string, unknown>>[] = [];
const log = pino(
  { level: 'info' },
  { write: (line: string) => void lines.push(JSON.parse(line) as object as never) },
);
const open: MediaPort[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
  lines.length = 0;
});

async function start(port: number, address = '127.0.0.1', workers = 1): Promise<MediaPort> {
  const listen = { addresses: [address], port };
  const media = await createMediaPort({
    workerBin: workerBinary(),
    workers,
    listen: { udp: listen, tcp: listen },
    log,
  });
  open.push(media);
  return media;
}

/** Opens a transport; what is reported is collected. */
function openTransport(media: MediaPort): MediaEvent[] {
  const events: MediaEvent[] = [];
  media.openCall('call', (event) => events.push(event)).run({ type: 'openTransport', sessionID: 'ann' });
  return events;
}

const reported = (events: readonly MediaEvent[], type: MediaEvent['type']): Promise<void> =>
  eventually(() =>
    events.some((event) => event.type === type) ? undefined : `${type}: ${JSON.stringify(events)}`,
  );

describe('ports', () => {
  test('every address gets UDP and TCP, and worker i listens on port + i', () => {
    const listen = { addresses: ['10.0.0.1', '10.0.0.2'], port: 8045 };
    const sockets = socketsOf({ udp: listen, tcp: { addresses: ['10.0.0.1'], port: 8443 } }, 1);
    expect(sockets.map((one) => `${one.protocol} ${one.address}:${one.port}`)).toEqual([
      'udp 10.0.0.1:8046',
      'udp 10.0.0.2:8046',
      'tcp 10.0.0.1:8444',
    ]);
  });

  test('an occupied port is an error that says which and what to do', async () => {
    const port = await freePort();
    await start(port);
    await expect(start(port)).rejects.toThrow(
      new RegExp(
        `cannot listen for media on udp 127.0.0.1:${port}: address already in use; stop what uses it .* or set rtc.ice_port_udp`,
      ),
    );
  });

  test('an address that the machine does not have is an error that says so', async () => {
    await expect(start(await freePort(), '192.0.2.77')).rejects.toThrow(
      /udp 192\.0\.2\.77:\d+: address not available; no interface of this machine has the address; correct rtc\.ice_address_udp/,
    );
  });

  test('a port is free again after close', async () => {
    const port = await freePort();
    await (await start(port)).close();
    expect((await start(port)).bound).toHaveLength(2);
  });
});

test('a transport is described with what is bound and what we offer', async () => {
  const port = await freePort();
  const events = openTransport(await start(port));
  await reported(events, 'transportOpened');
  expect(events).toMatchObject([
    {
      sessionID: 'ann',
      transport: {
        bound: [
          { protocol: 'udp', address: '127.0.0.1', port },
          { protocol: 'tcp', address: '127.0.0.1', port },
        ],
        fingerprint: { algorithm: 'sha-256' },
      },
      profile: {
        audio: {
          codecs: [{ payloadType: 111, name: 'opus', parameters: { minptime: 10, useinbandfec: 1 } }],
        },
        video: {
          codecs: [
            { payloadType: 96, name: 'vp8' },
            { name: 'rtx' },
            { payloadType: 45, name: 'av1' },
            { name: 'rtx' },
          ],
        },
      },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain('abs-capture-time');
});

test('what media cannot do is reported with the reason', async () => {
  const media = await start(await freePort());
  const events: MediaEvent[] = [];
  const call = media.openCall('call', (event) => events.push(event));
  call.run({ type: 'openTransport', sessionID: 'bob' });
  await reported(events, 'transportOpened');
  const fingerprints = [{ algorithm: 'md5', value: 'AB:CD' }];
  call.run({ type: 'connectTransport', sessionID: 'bob', fingerprints });
  call.run({ type: 'consume', sessionID: 'bob', mid: 's2', producerID: 'none', withExtensions: true });
  await eventually(() => (events.length === 3 ? undefined : JSON.stringify(events)));
  expect(events).toMatchObject([
    { type: 'transportOpened' },
    { type: 'failed', sessionID: 'bob', command: 'connectTransport', reason: expect.any(String) as unknown },
    {
      type: 'failed',
      sessionID: 'bob',
      command: 'consume',
      mid: 's2',
      reason: 'Producer with id "none" not found',
    },
  ]);
});

test('a session that is closed while it opens reports nothing', async () => {
  const media = await start(await freePort());
  const events: MediaEvent[] = [];
  const call = media.openCall('call', (event) => events.push(event));
  call.run({ type: 'openTransport', sessionID: 'ann' });
  call.run({ type: 'closeTransport', sessionID: 'ann' });
  call.run({ type: 'openTransport', sessionID: 'bob' });
  await reported(events, 'transportOpened');
  expect(events).toMatchObject([{ sessionID: 'bob' }]);
});

test('when a worker dies its calls are told, it is started again on the same port, and trouble says what is wrong meanwhile', async () => {
  const media = await start(await freePort());
  const events = openTransport(media);
  await reported(events, 'transportOpened');
  process.kill(lines.find((line) => line['msg'] === 'Started media worker')?.['pid'] as number, 'SIGKILL');
  await reported(events, 'lost');
  expect(media.trouble()).toContain('media worker died');
  expect(openTransport(media)).toEqual([]);
  await eventually(() => media.trouble());
  await reported(openTransport(media), 'transportOpened');
});

test('calls go to the worker with the fewest', async () => {
  const port = await freePort();
  const media = await start(port, '127.0.0.1', 2);
  const ports = await Promise.all(
    [0, 1].map(async () => {
      const events = openTransport(media);
      await reported(events, 'transportOpened');
      return events.flatMap((event) =>
        event.type === 'transportOpened' ? event.transport.bound[0]?.port : [],
      )[0];
    }),
  );
  expect(ports).toEqual([port, port + 1]);
});
