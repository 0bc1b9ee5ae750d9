/** One request and its repetitions: credentials, time-out, fence, retry, errors, counting. */
import type { Dispatcher } from 'undici';
import { type Clock, sleep } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { KubeError, UnavailableError, errorOf } from './errors.ts';
import type { Fence } from './fence.ts';
import type { Resource } from './api.ts';
import type { Verb } from './resources.ts';
import { decideRetry } from './retry.ts';
import { failureOfAnswer } from './status.ts';
import type { Exchange, Transport } from './transport.ts';

/** One request as the layer above means it. */
export interface Request extends Exchange {
  readonly verb: Verb;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  /** What is asked, for messages: `create pods mattermost/calls-1`. */
  readonly call: string;
  /** Whether doing it twice is the same as doing it once. */
  readonly isIdempotent: boolean;
}

/** One try as it went: what metrics and the RBAC test count. */
export interface RequestReport {
  readonly verb: Verb;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  /** HTTP status, else the reason why there was none (`Timeout`, `ECONNREFUSED`, …). */
  readonly code: string;
  readonly durationMs: number;
}

/** What a sender is made of. */
export interface SenderDeps {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Of one try. */
  readonly timeoutMs: number;
  /** Asked before every try of a write. */
  readonly fence?: Fence | undefined;
  readonly onRequest?: ((report: RequestReport) => void) | undefined;
}

/** Sends requests. */
export interface Sender {
  /** Resolves to the answer's parsed body. Rejects with a KubeError. */
  send(request: Request): Promise<unknown>;
  /** The same, as it came. */
  text(request: Request): Promise<string>;
  /** Resolves when the stream is open. Rejects with a KubeError. */
  open(request: Request, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** A sender over a transport. */
export function createSender(deps: SenderDeps): Sender {
  return {
    text: (request) => repeated(deps, request, (body) => body),
    send: (request) => repeated(deps, request, (body) => JSON.parse(body) as unknown),
    open: (request, signal) => openOnce(deps, request, signal),
  };
}

/** An answer that cannot be read counts as none. */
async function repeated<T>(deps: SenderDeps, request: Request, read: (body: string) => T): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return read(await tryOnce(deps, request));
    } catch (error) {
      const failed = kubeErrorOf(request.call, error);
      const isStale = failed.status === 401 && attempt === 1;
      const decision = decideRetry({ attempt, error: failed, isIdempotent: request.isIdempotent });
      if (isStale) deps.credentials.renew();
      else if (!decision.retry) throw failed;
      else await sleep(deps.clock, decision.afterMs);
    }
  }
}

async function tryOnce(deps: SenderDeps, request: Request): Promise<string> {
  const timeoutMs = allowedMs(deps, request);
  return timed(deps, request, async (abort, code) => {
    const cancel = deps.clock.after(timeoutMs, () => abort.abort(timedOut(request, timeoutMs)));
    try {
      const response = await deps.transport.call(request, abort.signal);
      const body = await response.body.text();
      code.value = String(response.statusCode);
      if (response.statusCode < 300) return body;
      throw errorOf(failureOfAnswer(request.call, answerOf(response, body)));
    } finally {
      cancel();
    }
  });
}

async function openOnce(
  deps: SenderDeps,
  request: Request,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return timed(deps, request, async (abort, code) => {
    signal.addEventListener('abort', () => abort.abort(signal.reason), { once: true });
    const cancel = deps.clock.after(deps.timeoutMs, () => abort.abort(timedOut(request, deps.timeoutMs)));
    try {
      if (signal.aborted) throw toError(signal.reason);
      const response = await deps.transport.stream(request, abort.signal);
      code.value = String(response.statusCode);
      if (response.statusCode === 200) return response.body;
      throw errorOf(failureOfAnswer(request.call, answerOf(response, await response.body.text())));
    } finally {
      cancel();
    }
  });
}

/** A fenced write ends before another replica can hold the lease. */
function allowedMs(deps: SenderDeps, request: Request): number {
  const isWrite = request.method !== 'GET';
  if (!isWrite || deps.fence === undefined) return deps.timeoutMs;
  return Math.min(deps.timeoutMs, deps.fence.writeBudgetMs(request.call));
}

/** Reports one try, however it ends; turns what undici throws into a KubeError. */
async function timed<T>(
  deps: SenderDeps,
  request: Request,
  run: (abort: AbortController, code: { value: string }) => Promise<T>,
): Promise<T> {
  const startedMs = deps.clock.monotonicMs();
  const abort = new AbortController();
  const code = { value: '' };
  try {
    return await run(abort, code);
  } catch (error) {
    const failed = kubeErrorOf(request.call, abort.signal.aborted ? abort.signal.reason : error);
    if (code.value === '') code.value = failed.reason;
    throw failed;
  } finally {
    const { verb, resource, subresource } = request;
    const durationMs = deps.clock.monotonicMs() - startedMs;
    deps.onRequest?.({ verb, resource, subresource, code: code.value, durationMs });
  }
}

function answerOf(response: Dispatcher.ResponseData, body: string): Parameters<typeof failureOfAnswer>[1] {
  const header = response.headers['retry-after'];
  const retryAfter = Array.isArray(header) ? header[0] : header;
  return { status: response.statusCode, body, retryAfter };
}

function timedOut(request: Request, timeoutMs: number): UnavailableError {
  const message = `no answer within ${Math.round(timeoutMs)} ms`;
  const isOutcomeUnknown = request.method !== 'GET';
  return new UnavailableError({
    call: request.call,
    status: 0,
    reason: 'Timeout',
    message,
    isOutcomeUnknown,
  });
}

/** Codes that mean: nothing was sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Anything thrown below, as a KubeError: one that is none means that there was no answer. */
export function kubeErrorOf(call: string, thrown: unknown): KubeError {
  if (thrown instanceof KubeError) return thrown;
  const error = toError(thrown);
  const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const failure = { call, status: 0, reason, message: error.message || reason };
  return new UnavailableError({ ...failure, isOutcomeUnknown: !neverSent.has(reason) }, error);
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
