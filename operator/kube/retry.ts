/** PURE: whether the client itself repeats a request, and why. */
import { type KubeError, UnavailableError } from './errors.ts';

/** What was decided; the reason is for the debug log. */
export type RetryDecision =
  | { readonly retry: true; readonly afterMs: number; readonly reason: string }
  | { readonly retry: false; readonly reason: string };

/** What is known about one failed try. */
export interface FailedTry {
  /** 1 for the first. */
  readonly attempt: number;
  readonly error: KubeError;
  /** Whether doing it twice is the same as doing it once. */
  readonly isIdempotent: boolean;
}

/** Tries in all; beyond them the caller's own back-off takes over. */
const maxAttempts = 4;

/** A server that asks for more than this gets our back-off instead, so that no caller hangs. */
const longestWaitMs = 10_000;

/** Before repeating over a new connection; doubled each time. */
const reconnectMs = 100;

/** What undici says of a call whose connections were closed under it. */
const abandoned = 'UND_ERR_DESTROYED';

/**
 * 429 was refused before anything happened, so every verb may be repeated. A
 * lost connection or answer may hide a write that happened: only what is
 * idempotent is repeated. Other 5xx are left to the caller.
 */
export function decideRetry(failed: FailedTry): RetryDecision {
  const { attempt, error, isIdempotent } = failed;
  if (!(error instanceof UnavailableError)) return { retry: false, reason: 'the answer is final' };
  if (attempt >= maxAttempts) return { retry: false, reason: `gave up after ${attempt} tries` };
  if (error.status === 429) return afterThrottling(error, attempt);
  if (error.status !== 0) return { retry: false, reason: `the server failed with ${error.status}` };
  if (error.reason === abandoned) return { retry: false, reason: 'the connections were closed' };
  if (!isIdempotent) return { retry: false, reason: 'the write may have happened' };
  if (error.reason === 'Timeout') return { retry: false, reason: 'the time for this call is used up' };
  return { retry: true, afterMs: reconnectMs * 2 ** (attempt - 1), reason: 'the connection failed' };
}

function afterThrottling(error: UnavailableError, attempt: number): RetryDecision {
  const afterMs = error.retryAfterMs ?? 1000 * attempt;
  return afterMs > longestWaitMs
    ? { retry: false, reason: `the server asks for a pause of ${afterMs} ms` }
    : { retry: true, afterMs, reason: 'the server throttles' };
}
