/** Does a worker binary do its work? It is asked before anyone relies on it. */
import { createWorker } from 'mediasoup';

/** Starts the worker and has it make a router. Rejects when either fails. */
export async function verifyWorker(binary: string): Promise<void> {
  const worker = await createWorker({ workerBin: binary });
  try {
    await worker.createRouter({
      mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
    });
  } finally {
    worker.close();
  }
}
