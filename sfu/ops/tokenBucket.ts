/** How often something may happen: so many times a second, with bursts. */

/** One bucket, full at first. */
export interface TokenBucket {
  /** Takes so many tokens (default 1) if they are there; what costs more than a burst takes a whole one. */
  tryTake(cost?: number): boolean;
  /** Takes what is needed, there or not; returns the milliseconds until the bucket is even, 0 when it is. */
  overdraw(cost: number): number;
}

/** `perSecond` 0 = no limit. `nowMs` is a monotonic clock. */
export function createTokenBucket(options: {
  readonly perSecond: number;
  readonly burst: number;
  readonly nowMs: () => number;
}): TokenBucket {
  const { perSecond, burst, nowMs } = options;
  const state = { tokens: burst, atMs: nowMs() };
  const fill = (): void => {
    const now = nowMs();
    state.tokens = Math.min(burst, state.tokens + ((now - state.atMs) * perSecond) / 1000);
    state.atMs = now;
  };
  return {
    tryTake(cost = 1) {
      fill();
      const price = Math.min(cost, burst);
      if (perSecond > 0 && state.tokens < price) return false;
      state.tokens -= price;
      return true;
    },
    overdraw(cost) {
      fill();
      state.tokens -= cost;
      return perSecond === 0 ? 0 : Math.max(0, (-state.tokens * 1000) / perSecond);
    },
  };
}
