/** What fails half-way leaves nothing open in the worker. Faults are injected into single requests of a real router. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import type { Router, WebRtcTransport } from 'mediasoup/types';

import { openGround } from '../../../sfu/media/ground.ts';
import type { MediaEvent, SendParameters } from '../../../sfu/media/port.ts';
import { type SessionGround, SessionMedia } from '../../../sfu/media/sessionMedia.ts';
import { type MediaWorker, startWorker } from '../../../sfu/media/worker.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

let media: MediaWorker;
let ground: SessionGround;
const events: MediaEvent[] = [];
const alone = { heard: () => undefined, took: () => undefined, reach: () => Promise.resolve() };
const fault = (): Promise<never> => Promise.reject(new Error('injected'));

beforeEach(async () => {
  events.length = 0;
  const address = { address: '127.0.0.1', port: await freePort() };
  media = await startWorker(workerBinary(), [{ ...address, protocol: 'udp' }]);
  ground = await openGround(media, alone);
});

afterEach(() => media.worker.close());

const session = (): SessionMedia => new SessionMedia('ann', (event) => events.push(event));

/** Waits until the ground is as it was before the first session. */
const isBare = (router: Router = ground.router): Promise<void> =>
  eventually(async () => {
    const { transportIds } = await router.dump();
    const { dataProducerIds, dataConsumerIds } = await ground.direct.dump();
    const open = { transportIds, dataProducerIds, dataConsumerIds };
    return transportIds.length === 1 && dataProducerIds.length + dataConsumerIds.length === 0
      ? undefined
      : JSON.stringify(open);
  });

/** Makes a request of each transport that is opened fail. */
function failing(request: 'produceData' | 'consumeData'): SessionGround {
  const router = Object.create(ground.router, {
    createWebRtcTransport: {
      value: async (...options: Parameters<Router['createWebRtcTransport']>): Promise<WebRtcTransport> => {
        const transport = await ground.router.createWebRtcTransport(...options);
        Object.defineProperty(transport, request, { value: fault });
        return transport;
      },
    },
    rtpCapabilities: { get: () => ground.router.rtpCapabilities },
  }) as Router;
  return { ...ground, router };
}

test.each(['createDirectTransport', 'createAudioLevelObserver'] as const)(
  'a ground that cannot be made whole (%s) leaves no router',
  async (request) => {
    const createRouter = media.worker.createRouter.bind(media.worker);
    Object.defineProperty(media.worker, 'createRouter', {
      value: async (...options: Parameters<typeof createRouter>) =>
        Object.defineProperty(await createRouter(...options), request, { value: fault }),
    });
    await expect(openGround(media, alone)).rejects.toThrow('injected');
    await eventually(async () => {
      const { routerIds } = await media.worker.dump();
      return routerIds.length === 1 ? undefined : `routers: ${routerIds.length}`;
    });
  },
);

test.each(['produceData', 'consumeData'] as const)(
  'a session whose data channel cannot be had (%s) leaves nothing',
  async (request) => {
    await expect(session().open(Promise.resolve(failing(request)))).rejects.toThrow('injected');
    await isBare();
    expect(events).toEqual([]);
  },
);

test.each([0, 1, 2, 4, 8, 16])(
  'a session that is closed after %d turns of its opening leaves nothing',
  async (turns) => {
    const one = session();
    const opening = one.open(Promise.resolve(ground)).catch(() => undefined);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    one.close();
    await opening;
    await isBare();
  },
);

test('a track that cannot be observed is not left behind', async () => {
  const one = session();
  await one.open(Promise.resolve({ ...ground, take: fault }));
  await expect(
    one.produce({ type: 'produce', sessionID: 'ann', mid: '0', kind: 'audio', rtp: voice }),
  ).rejects.toThrow('injected');
  await eventually(async () => {
    const { mapProducerIdConsumerIds } = await ground.router.dump();
    return mapProducerIdConsumerIds.length === 0 ? undefined : `tracks: ${mapProducerIdConsumerIds.length}`;
  });
});

test('a router that was closed meanwhile is an error, and nothing is reported', async () => {
  const one = session();
  const opening = one.open(Promise.resolve(ground));
  ground.router.close();
  await expect(opening).rejects.toThrow();
  expect(events).toEqual([]);
});

const voice: SendParameters = {
  codecs: [{ payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: {}, feedback: [] }],
  extensions: [],
  encodings: [{ ssrc: 1234 }],
  cname: 'ann',
};
