/** A worker that is started again when it dies: on the same port, at once; when it dies again and again, after a growing pause. */
import type { Logger } from 'pino';

import type { BoundAddress } from '../sdp/candidates.ts';
import { type MediaWorker, startWorker } from './worker.ts';

/** One place for calls. */
export interface KeptWorker {
  readonly bound: readonly BoundAddress[];
  /** The worker that is up; one that is just starting is waited for. Rejects when there is none. */
  current(): Promise<MediaWorker>;
  /** Process ID of the worker that is up. */
  pid(): number | undefined;
  /** How often it died. */
  deaths(): number;
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

/** First pause between two attempts; doubled with each. */
const firstPauseMs = 250;

/** Longest pause between two attempts. */
const longestPauseMs = 10_000;

/** One that lived so long did not die of its start: the next one need not wait. */
const healthyAfterMs = 10_000;

/** A worker that was told to end and has not by then is killed: a saturated one hears nothing. */
const closeTimeoutMs = 2_000;

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
  #starting: Promise<MediaWorker> | undefined;
  #startedAtMs = 0;
  #trouble: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pauseMs = 0;
  #deaths = 0;
  #isClosed = false;

  constructor(options: KeptWorkerOptions) {
    this.#options = options;
    this.bound = options.bound;
  }

  async start(): Promise<void> {
    const { workerBin, log } = this.#options;
    this.#starting = startWorker(workerBin, this.bound, log.isLevelEnabled('trace') ? 'packets' : 'errors');
    try {
      this.#started(await this.#starting);
    } finally {
      this.#starting = undefined;
    }
  }

  current(): Promise<MediaWorker> {
    if (this.#worker !== undefined) return Promise.resolve(this.#worker);
    return this.#starting ?? Promise.reject(new Error(this.#trouble ?? 'media worker is not up'));
  }

  pid(): number | undefined {
    return this.#worker?.worker.pid;
  }

  deaths(): number {
    return this.#deaths;
  }

  trouble(): string | undefined {
    return this.#trouble;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const worker = this.#worker?.worker ?? (await this.#starting?.catch(() => undefined))?.worker;
    if (worker === undefined || worker.died) return;
    const gone = new Promise<void>((resolve) => void worker.once('subprocessclose', resolve));
    worker.close();
    const late = setTimeout(() => kill(worker.pid), closeTimeoutMs);
    await gone;
    clearTimeout(late);
  }

  #started(started: MediaWorker): void {
    if (this.#isClosed) return; // `close()` waits for it.
    this.#worker = started;
    this.#startedAtMs = performance.now();
    this.#trouble = undefined;
    started.worker.on('died', (error) => this.#died(`media worker died: ${error.message}`));
    this.#options.log.info({ pid: started.worker.pid, bound: this.bound }, 'Started media worker');
  }

  #died(reason: string): void {
    this.#worker = undefined;
    this.#deaths += 1;
    this.#trouble = reason;
    this.#options.log.error({ reason }, 'Media worker died');
    if (performance.now() - this.#startedAtMs >= healthyAfterMs) this.#pauseMs = 0;
    this.#startLater(); // Before anyone is told, so that who comes back at once finds a worker that is starting.
    this.#options.onDeath(reason);
  }

  #startLater(): void {
    if (this.#isClosed) return;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs);
    if (pauseMs === 0) this.#startNow();
    else this.#retry = setTimeout(() => this.#startNow(), pauseMs);
  }

  #startNow(): void {
    this.start().catch((error: unknown) => {
      this.#trouble = (error as Error).message;
      this.#options.log.error({ reason: this.#trouble }, 'Could not start media worker');
      this.#startLater();
    });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended at this very moment.
  }
}
