/** Workers that are said to be full, in place of the measurement, so that a test can choose where sessions go. */
import type { MediaPort, WorkerStatus } from '../../../sfu/media/port.ts';
import { eventually } from '../../support/eventually.ts';
import { type Harness, type HarnessOptions, startHarness } from './harness.ts';

/** What is counted for each worker. */
export type Counted = 'sessions' | 'pipes' | 'calls' | 'deaths';

/** A server with several workers. */
export interface Spread {
  readonly harness: Harness;
  /** The next session goes to worker `index`: the ones before it are full. */
  fillUpTo(index: number): Promise<void>;
  /** All have room again. */
  empty(): void;
  /** A count for each worker, `1 0 2`. */
  count(what: Counted): string;
  worker(index: number): WorkerStatus;
}

/** Starts it. */
export async function startSpread(workers: number): Promise<Spread> {
  const full = new Set<number>();
  const cpuUseOf: HarnessOptions['cpuUseOf'] = (pid) => ({
    cpuMs: full.has(pid) ? performance.now() : 0,
    waitedMs: 0,
  });
  const harness = await startHarness({ workers, cpuUseOf, sampleIntervalMs: 50 });
  const { media } = harness;
  return {
    harness,
    fillUpTo: async (index) => {
      for (const { pid } of media.workers().slice(0, index)) if (pid !== undefined) full.add(pid);
      await eventually(() => isNext(media, index));
    },
    empty: () => full.clear(),
    count: (what) =>
      media
        .workers()
        .map((worker) => worker[what])
        .join(' '),
    worker: (index) => media.workers()[index]!,
  };
}

function isNext(media: MediaPort, index: number): string | undefined {
  const room = media.workers().map(({ hasRoom }) => hasRoom);
  return room.indexOf(true) === index ? undefined : `room: ${room.join()}`;
}
