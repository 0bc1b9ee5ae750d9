/** metav1.Status, as it comes in error answers and in the ERROR lines of a WATCH, made into a failure. */
import type { Failure } from './errors.ts';

/** An answer of the API server that is not a success. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The `Retry-After` header in seconds (RFC 9110 §10.2.3; the API server sends no dates). */
  readonly retryAfter?: string | undefined;
}

interface StatusBody {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** Bytes of a foreign error page that are worth repeating. */
const quotedLength = 200;

/** Reads the answer's Status; a body that is none (a proxy's page) is quoted in short. */
export function failureOfAnswer(call: string, answer: Answer): Failure {
  const status = parseStatus(answer.body);
  if (status === undefined)
    return withRetryAfter(
      { call, status: answer.status, reason: 'Unknown', message: foreign(answer) },
      secondsOf(answer.retryAfter),
    );
  return withRetryAfter(
    {
      call,
      status: answer.status,
      reason: status.reason ?? 'Unknown',
      message: status.message ?? 'no message',
    },
    secondsOf(answer.retryAfter) ?? status.details?.retryAfterSeconds,
  );
}

/** Reads the object of an ERROR line. Without a code it counts as 500. */
export function failureOfStatus(call: string, object: unknown): Failure {
  const status = isRecord(object) ? (object as StatusBody) : {};
  return withRetryAfter(
    {
      call,
      status: status.code ?? 500,
      reason: status.reason ?? 'Unknown',
      message: status.message ?? 'the watch ended with an error that has no message',
    },
    status.details?.retryAfterSeconds,
  );
}

function parseStatus(body: string): StatusBody | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) && value['kind'] === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

function foreign(answer: Answer): string {
  return `HTTP ${answer.status}: ${answer.body.slice(0, quotedLength).trim() || 'empty answer'}`;
}

function secondsOf(header: string | undefined): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function withRetryAfter(failure: Failure, seconds: number | undefined): Failure {
  return seconds === undefined ? failure : { ...failure, retryAfterMs: seconds * 1000 };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
