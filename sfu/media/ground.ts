/** What the sessions of a call share on a worker: router, level observer, and the way of their data channels. */
import type { AudioLevelObserver, Producer, Router } from 'mediasoup/types';

import { type AudioLevel, levelThresholdDbov } from './port.ts';
import { routerCodecs } from './rtp.ts';
import type { SessionGround } from './sessionMedia.ts';
import type { MediaWorker } from './worker.ts';

/** The worker's shortest interval; an observer of the whole call costs less than one packet of one talker. */
const levelIntervalMs = 250;

/** What the ground tells, and whom it asks for tracks that come in elsewhere. */
export interface GroundDeps {
  /** Tracks above the threshold, empty once when the last falls silent. */
  readonly heard: (levels: readonly AudioLevel[]) => void;
  readonly took: (producer: Producer) => void;
  readonly reach: (producerID: string) => Promise<void>;
}

/** Opens the ground of a call on one worker. Rejects with nothing left open. */
export async function openGround({ worker, server }: MediaWorker, deps: GroundDeps): Promise<SessionGround> {
  const router = await worker.createRouter({ mediaCodecs: routerCodecs });
  try {
    const [direct, observer] = await Promise.all([
      router.createDirectTransport(),
      listen(router, deps.heard),
    ]);
    const take = async (producer: Producer): Promise<void> => {
      deps.took(producer);
      if (producer.kind === 'audio') await observer.addProducer({ producerId: producer.id });
    };
    return { router, server, direct, take, reach: deps.reach };
  } catch (error) {
    router.close();
    throw error;
  }
}

async function listen(router: Router, heard: GroundDeps['heard']): Promise<AudioLevelObserver> {
  const observer = await router.createAudioLevelObserver({
    interval: levelIntervalMs,
    threshold: levelThresholdDbov,
    maxEntries: 1000,
  });
  observer.on('volumes', (volumes) =>
    heard(volumes.map(({ producer, volume }) => ({ producerID: producer.id, levelDbov: volume }))),
  );
  observer.on('silence', () => heard([]));
  return observer;
}
