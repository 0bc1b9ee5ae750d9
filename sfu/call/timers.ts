/** The timers of one call: one of each name for each session. */
import type { TimerName } from './events.ts';

/** Time, so that tests can hold it. */
export interface Clock {
  /** Monotonic, milliseconds. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Timers by session and name. A cancelled one never fires. */
export interface CallTimers {
  /** Starts or restarts. */
  start(timer: { readonly sessionID: string; readonly timer: TimerName; readonly delayMs: number }): void;
  cancel(sessionID: string, timer: TimerName): void;
  cancelAll(sessionID: string): void;
  clear(): void;
}

/** No timers yet; `fire` is told what ran out. */
export function createTimers(clock: Clock, fire: (sessionID: string, timer: TimerName) => void): CallTimers {
  const bySession = new Map<string, Map<TimerName, () => void>>();
  const cancel = (sessionID: string, timer: TimerName): void => {
    const timers = bySession.get(sessionID);
    timers?.get(timer)?.();
    timers?.delete(timer);
    if (timers?.size === 0) bySession.delete(sessionID);
  };
  const cancelAll = (sessionID: string): void => {
    for (const timer of [...(bySession.get(sessionID)?.keys() ?? [])]) cancel(sessionID, timer);
  };
  return {
    start: ({ sessionID, timer, delayMs }) => {
      cancel(sessionID, timer);
      const timers = bySession.get(sessionID) ?? new Map<TimerName, () => void>();
      bySession.set(sessionID, timers);
      const expire = (): void => {
        cancel(sessionID, timer);
        fire(sessionID, timer);
      };
      timers.set(timer, clock.after(delayMs, expire));
    },
    cancel,
    cancelAll,
    clear: () => {
      for (const sessionID of [...bySession.keys()]) cancelAll(sessionID);
    },
  };
}

/** The clock of this process. Its timers do not keep the process alive. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
