/** Time as an argument, so that tests of queues, leases and back-off own it. */

/** Cancels what it came with; harmless when that already happened. */
export type Cancel = () => void;

/** What the runtime asks of time and chance. */
export interface Clock {
  /** Milliseconds that never jump: for deadlines and durations. */
  monotonicMs(): number;
  /** Milliseconds since the epoch: only for what is written into objects. */
  wallMs(): number;
  /** Runs once after `delayMs`. */
  after(delayMs: number, run: () => void): Cancel;
  /** Uniform in [0, 1): for jitter. */
  random(): number;
}

/** The longest delay a Node timer takes, about 24.8 days; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `delayMs`, or as soon as `signal` is aborted. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
