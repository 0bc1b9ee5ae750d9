/** Ends what has been silent for too long: a half-open connection never says that it is dead. */
import type { Clock } from './clock.ts';

/** Watches over one stream. */
export interface Watchdog {
  /** Aborted after silence, or with the parent. */
  readonly signal: AbortSignal;
  /** Something was heard. */
  touch(): void;
  hasBitten(): boolean;
  stop(): void;
}

/** Begins to count at once. One timer serves however many touches. */
export function startWatchdog(deps: {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly parent: AbortSignal;
}): Watchdog {
  const { clock, limitMs, parent } = deps;
  const abort = new AbortController();
  let heardMs = clock.monotonicMs();
  let hasBitten = false;
  const look = (): void => {
    const leftMs = heardMs + limitMs - clock.monotonicMs();
    if (leftMs > 0) cancel = clock.after(leftMs, look);
    else {
      hasBitten = true;
      abort.abort();
    }
  };
  let cancel = clock.after(limitMs, look);
  const follow = (): void => abort.abort();
  parent.addEventListener('abort', follow, { once: true });
  if (parent.aborted) follow();
  return {
    signal: abort.signal,
    touch: () => (heardMs = clock.monotonicMs()),
    hasBitten: () => hasBitten,
    stop() {
      cancel();
      parent.removeEventListener('abort', follow);
    },
  };
}
