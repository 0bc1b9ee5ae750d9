/** Exponential back-off as plain arithmetic. */

/** The shape of a back-off. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Growth per failure. Default 2. */
  readonly factor?: number;
  /** Share of the delay that is random, 0 to 1. Default 0. */
  readonly jitter?: number;
}

/** As kube-rs backs its watches off: 800 ms to 30 s, doubled, jittered. */
export const watchBackoff: BackoffPolicy = { initialMs: 800, maxMs: 30_000, jitter: 0.5 };

/** As controller-runtime backs keys off: 5 ms to 1000 s, doubled. */
export const keyBackoff: BackoffPolicy = { initialMs: 5, maxMs: 1_000_000 };

/**
 * The delay in milliseconds before the next try, after `failures` failures in a
 * row (1 or more). `random` is uniform in [0, 1); jitter only shortens, so that
 * `maxMs` stays the upper bound.
 */
export function backoffMs(policy: BackoffPolicy, failures: number, random = 0): number {
  const factor = policy.factor ?? 2;
  const exponent = Math.max(0, failures - 1);
  const fullMs = Math.min(policy.maxMs, policy.initialMs * factor ** exponent);
  return fullMs * (1 - (policy.jitter ?? 0) * random);
}
