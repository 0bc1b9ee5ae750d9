import { afterEach, describe, expect, test } from '@jest/globals';

import { pino } from 'pino';

import { createMediaPort, type MediaOptions, socketsOf } from '../../../sfu/media/mediasoup.ts';
import type { MediaEvent, MediaPort } from '../../../sfu/media/port.ts';
import { processCpu } from '../../../sfu/ops/processes.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

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

async function start(
  port: number,
  address = '127.0.0.1',
  more: Partial<MediaOptions> = {},
): Promise<MediaPort> {
  const listen = { addresses: [address], port };
  const media = await createMediaPort({
    workerBin: workerBinary(),
    workers: 1,
    cpuUseOf: processCpu,
    listen: { udp: listen, tcp: listen },
    log,
    ...more,
  });
  open.push(media);
  return media;
}

/** Opens a transport; what is reported is collected. */
function openTransport(media: MediaPort, onLost: () => void = () => undefined): MediaEvent[] {
  const events: MediaEvent[] = [];
  const report = (event: MediaEvent): void => {
    events.push(event);
    if (event.type === 'lost') onLost();
  };
  media.openCall('call', report).run({ type: 'openTransport', sessionID: 'ann' });
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
  call.run({
    ...{ type: 'consume', sessionID: 'bob', mid: 's2', producerID: 'none' },
    ...{ kind: 'audio', withExtensions: true },
  });
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
  const troubles: unknown[] = [];
  const events = openTransport(media, () => troubles.push(media.trouble(), ...media.workers()));
  await reported(events, 'transportOpened');
  process.kill(media.workers()[0]?.pid ?? 0, 'SIGKILL');
  await reported(events, 'lost');
  expect(events.at(-1)).toMatchObject({ sessionIDs: ['ann'] });
  expect(troubles).toEqual([
    expect.stringContaining('media worker died'),
    expect.objectContaining({ deaths: 1, hasRoom: false, calls: 0, sessions: 0 }),
  ]);
  const next = openTransport(media);
  await reported(next, 'transportOpened');
  expect(media.trouble()).toBeUndefined();
});

test('with another worker up media is served, while the dead one says what is wrong', async () => {
  const media = await start(await freePort({ count: 2 }), '127.0.0.1', { workers: 2 });
  const troubles: unknown[] = [];
  const next: MediaEvent[][] = [];
  const events = openTransport(media, () => {
    troubles.push(media.trouble(), ...media.workers().map(({ trouble }) => trouble));
    next.push(openTransport(media));
  });
  await reported(events, 'transportOpened');
  process.kill(media.workers()[0]?.pid ?? 0, 'SIGKILL');
  await reported(events, 'lost');
  expect(troubles).toEqual([undefined, expect.stringContaining('media worker died'), undefined]);
  await reported(next[0] ?? [], 'transportOpened');
  expect(media.workers()).toMatchObject([{ sessions: 0 }, { sessions: 1 }]);
});

test('a burst of calls fills worker by worker, each call counted at once', async () => {
  const port = await freePort({ count: 2 });
  const measuredOnce = { workers: 2, sampleIntervalMs: 60_000 };
  const media = await start(port, '127.0.0.1', measuredOnce);
  const bursts = Array.from({ length: 20 }, () => openTransport(media));
  for (const events of bursts) await reported(events, 'transportOpened');
  const ports = bursts.flatMap((events) =>
    events.flatMap((event) => (event.type === 'transportOpened' ? event.transport.bound[0]?.port : [])),
  );
  expect(ports).toEqual([...ports].sort());
  expect(new Set(ports)).toEqual(new Set([port, port + 1]));
});
