/** Time as an argument, so that tests of queues, leases and back-off own it. */

/** Cancels what it came with; harmless when that already happened. */
export type Cancel = () => void;

/** What the runtime asks of time and chance. */
export interface Clock {
  /** Milliseconds that never jump: for deadlines and durations. */
  monotonicMs(): number;
  /** Milliseconds since the epoch, without jumps: for what is written into objects, and compared with that. */
  wallMs(): number;
  /** Runs once after `delayMs`. */
  after(delayMs: number, run: () => void): Cancel;
  /** Uniform in [0, 1): for jitter. */
  random(): number;
}

/** The longest delay a Node timer takes, about 24.8 days; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Wall time as it was when this was called, plus what has passed since. Who sets the machine's clock an hour ahead
 * must not bring a drain to its deadline an hour early: deadlines are wall time on the pods.
 */
export function steadyWall(machine: { wallMs(): number; monotonicMs(): number }): () => number {
  const startedMs = machine.wallMs() - machine.monotonicMs();
  return () => startedMs + machine.monotonicMs();
}

const monotonicMs = (): number => performance.now();

/** The machine's own time. */
export const systemClock: Clock = {
  monotonicMs,
  wallMs: steadyWall({ wallMs: () => Date.now(), monotonicMs }),
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
