/** A track that comes in on one worker, brought to another. */
import type { Router } from 'mediasoup/types';

import { socketBufferBytes } from './sockets.ts';

/** Between processes of this machine: in clear, on ports that the workers pick, as roomy as the media sockets. */
const listenInfo = {
  protocol: 'udp',
  ip: '127.0.0.1',
  sendBufferSize: socketBufferBytes,
  recvBufferSize: socketBufferBytes,
} as const;

/** The routers of both ends. */
export interface PipeEnds {
  readonly from: Router;
  readonly to: Router;
}

/**
 * Makes a track known on another router under the same ID; pauses, resumes and
 * closes with it. The way between two routers is made by the first track and
 * goes with either router. `onClose` hears the end of the track there. Rejects
 * when the track or a worker has gone.
 */
export async function pipeTrack(producerID: string, ends: PipeEnds, onClose: () => void): Promise<void> {
  const { pipeProducer } = await ends.from.pipeToRouter({
    producerId: producerID,
    router: ends.to,
    listenInfo,
    enableSctp: false,
  });
  if (pipeProducer === undefined || pipeProducer.closed) throw new Error('track has gone');
  pipeProducer.observer.once('close', onClose);
}
