/** A worker that is started again when it dies: the same port, after a growing pause. */
import type { Logger } from 'pino';

import type { BoundAddress } from '../sdp/candidates.ts';
import { type MediaWorker, startWorker } from './worker.ts';

/** One place for calls. */
export interface KeptWorker {
  readonly bound: readonly BoundAddress[];
  /** The worker that is up, or being started; rejects when it cannot be. */
  current(): Promise<MediaWorker>;
  /** Why there is no worker just now, else undefined. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** What it takes to start the worker, again and again. */
export interface KeptWorkerOptions {
  readonly workerBin: string;
  readonly bound: readonly BoundAddress[];
  /** Called each time the worker dies. */
  readonly onDeath: (reason: string) => void;
  readonly log: Logger;
}

/** Longest pause between two attempts. */
const longestPauseMs = 10_000;

/** Starts the worker; rejects when the first start fails, for then somebody has to act. */
export async function keepWorker(options: KeptWorkerOptions): Promise<KeptWorker> {
  const kept = new Kept(options);
  await kept.start();
  return kept;
}

class Kept implements KeptWorker {
  readonly bound: readonly BoundAddress[];
  readonly #options: KeptWorkerOptions;
  #worker: MediaWorker | undefined;
  #trouble: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pauseMs = 250;
  #isClosed = false;

  constructor(options: KeptWorkerOptions) {
    this.#options = options;
    this.bound = options.bound;
  }

  async start(): Promise<void> {
    const started = await startWorker(this.#options.workerBin, this.bound);
    if (this.#isClosed) {
      started.worker.close();
      return;
    }
    this.#worker = started;
    this.#trouble = undefined;
    this.#pauseMs = 250;
    started.worker.on('died', (error) => this.#died(`media worker died: ${error.message}`));
    this.#options.log.info({ pid: started.worker.pid, bound: this.bound }, 'Started media worker');
  }

  current(): Promise<MediaWorker> {
    return this.#worker === undefined
      ? Promise.reject(new Error(this.#trouble ?? 'media worker is not up'))
      : Promise.resolve(this.#worker);
  }

  trouble(): string | undefined {
    return this.#trouble;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const worker = this.#worker?.worker;
    if (worker === undefined || worker.died) return;
    const gone = new Promise<void>((resolve) => void worker.once('subprocessclose', resolve));
    worker.close();
    await gone;
  }

  #died(reason: string): void {
    this.#worker = undefined;
    this.#trouble = reason;
    this.#options.log.error({ reason }, 'Media worker died');
    this.#options.onDeath(reason);
    this.#startLater();
  }

  #startLater(): void {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.start().catch((error: unknown) => {
        this.#trouble = (error as Error).message;
        this.#options.log.error({ reason: this.#trouble }, 'Could not start media worker');
        this.#startLater();
      });
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}
