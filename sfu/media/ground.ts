/** What the sessions of a call share on a worker: router, level observer, and the way of their data channels. */
import type { Producer } from 'mediasoup/types';

import { levelThresholdDbov, type MediaEvent } from './port.ts';
import { routerCodecs } from './rtp.ts';
import type { SessionGround } from './sessionMedia.ts';
import type { MediaWorker } from './worker.ts';

/** The worker's shortest interval; an observer of the whole call costs less than one packet of one talker. */
const levelIntervalMs = 250;

/** Opens the ground of one call. */
export async function openGround(
  { worker, server }: MediaWorker,
  report: (event: MediaEvent) => void,
): Promise<SessionGround> {
  const router = await worker.createRouter({ mediaCodecs: routerCodecs });
  const [direct, observer] = await Promise.all([
    router.createDirectTransport(),
    router.createAudioLevelObserver({
      interval: levelIntervalMs,
      threshold: levelThresholdDbov,
      maxEntries: 1000,
    }),
  ]);
  observer.on('volumes', (volumes) =>
    report({
      type: 'levels',
      loud: volumes.map(({ producer, volume }) => ({ producerID: producer.id, levelDbov: volume })),
    }),
  );
  observer.on('silence', () => report({ type: 'levels', loud: [] }));
  const observe = async (producer: Producer): Promise<void> => {
    await observer.addProducer({ producerId: producer.id });
  };
  return { router, server, direct, observe };
}
