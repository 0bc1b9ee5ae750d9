/** What the sessions of a call share on a worker: router, level observer, and the way of their data channels. */
import type { AudioLevelObserver, Producer, Router } from 'mediasoup/types';

import { profileOf } from '../sdp/profile.ts';
import { levelIntervalMs, levelsByTrack } from './levels.ts';
import type { TrackLevels } from './port.ts';
import { routerCodecs } from './rtp.ts';
import type { SessionGround } from './sessionMedia.ts';
import type { MediaWorker } from './worker.ts';

/** Entries that the observer may send at once: every packet of a thousand talkers. */
const mostLevels = 65_535;

/** What the ground tells, and whom it asks for tracks that come in elsewhere. */
export interface GroundDeps {
  /** Levels of the tracks that brought any, several times a second. */
  readonly heard: (tracks: readonly TrackLevels[]) => void;
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
    const capabilities = router.rtpCapabilities;
    return {
      router,
      capabilities,
      profile: profileOf(capabilities),
      server,
      direct,
      take,
      reach: deps.reach,
    };
  } catch (error) {
    router.close();
    throw error;
  }
}

async function listen(router: Router, heard: GroundDeps['heard']): Promise<AudioLevelObserver> {
  const observer = await router.createAudioLevelObserver({
    interval: levelIntervalMs,
    threshold: -127,
    maxEntries: mostLevels,
  });
  observer.on('volumes', (volumes) =>
    heard(levelsByTrack(volumes.map(({ producer, volume }) => ({ producerID: producer.id, dBov: volume })))),
  );
  return observer;
}
