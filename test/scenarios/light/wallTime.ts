/** Real time, so many times as fast: what the plugin does every ten seconds, it does every second. */
import type { Cancel } from '../../../operator/kube/clock.ts';
import type { Timeline } from '../sim/time.ts';

/** Time that passes, until it is stopped. */
export interface WallTime extends Timeline {
  /** Nothing that was to happen does any more. */
  stop(): void;
}

/** Begins at 0. */
export function createWallTime(speed: number): WallTime {
  const startedMs = performance.now();
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  return {
    get nowMs() {
      return (performance.now() - startedMs) * speed;
    },
    after(delayMs, run): Cancel {
      if (isStopped) return () => undefined;
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, delayMs / speed);
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    stop() {
      isStopped = true;
      timers.forEach((timer) => clearTimeout(timer));
      timers.clear();
    },
  };
}
