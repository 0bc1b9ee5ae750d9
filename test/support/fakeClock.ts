/** Time that a test moves by hand. */
import type { Cancel, Clock } from '../../operator/kube/clock.ts';

/** A clock that stands still until it is told otherwise. */
export interface FakeClock extends Clock {
  /** Moves on, running what becomes due in order and letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Timers that are set. */
  readonly pending: number;
}

/** Starts at 0 on the monotonic clock and at `wallMs`; `random` answers 0 unless given. */
export function createFakeClock(options: { wallMs?: number; random?: () => number } = {}): FakeClock {
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();
  let nowMs = 0;
  const after = (delayMs: number, run: () => void): Cancel => {
    const timer = { dueMs: nowMs + delayMs, run };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const next = (untilMs: number): { readonly dueMs: number; readonly run: () => void } | undefined =>
    [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  return {
    monotonicMs: () => nowMs,
    wallMs: () => (options.wallMs ?? 1_700_000_000_000) + nowMs,
    after,
    random: options.random ?? (() => 0),
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = next(untilMs); timer !== undefined; timer = next(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
        await settle();
      }
      nowMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
