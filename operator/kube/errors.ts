/**
 * What an API server answers when it does not do as asked, by what the caller
 * does about it. Statuses and reasons are those of metav1.Status (Kubernetes API
 * conventions, "Response Status Kind").
 */

/** One refusal or failure as plain data. */
export interface Failure {
  /** What was asked, for people: `create pods mattermost/calls-1`. */
  readonly call: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** `Status.reason`, or the socket's error code when there was no answer. */
  readonly reason: string;
  readonly message: string;
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number;
  /** True when a write may have happened although we do not know. Default false. */
  readonly isOutcomeUnknown?: boolean;
}

/** Every code in one place; the comment says what the caller does. */
export type KubeErrorCode =
  | 'RTC_E_KUBE_NOT_FOUND' // take the object as gone
  | 'RTC_E_KUBE_CONFLICT' // read again and decide anew
  | 'RTC_E_KUBE_ALREADY_EXISTS' // look whose it is
  | 'RTC_E_KUBE_GONE' // list afresh
  | 'RTC_E_KUBE_INVALID' // our request is wrong: say so, a retry does not help
  | 'RTC_E_KUBE_FORBIDDEN' // rights or quota are missing: say so, try again slowly
  | 'RTC_E_KUBE_UNAVAILABLE' // back off and try again
  | 'RTC_E_KUBE_FENCED'; // stop: another replica may lead

/** Base of all of them. `message` names the call and keeps the server's own words. */
export class KubeError extends Error {
  readonly code: KubeErrorCode;
  readonly status: number;
  readonly reason: string;

  constructor(code: KubeErrorCode, failure: Failure, cause?: unknown) {
    super(`${failure.call}: ${failure.message}`, cause === undefined ? {} : { cause });
    this.name = new.target.name;
    this.code = code;
    this.status = failure.status;
    this.reason = failure.reason;
  }
}

/** 404: the object, its namespace or its kind does not exist. */
export class NotFoundError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_NOT_FOUND', failure);
  }
}

/** 409 Conflict: the object is not what the precondition (uid, resourceVersion) or the field owner said. */
export class ConflictError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_CONFLICT', failure);
  }
}

/** 409 AlreadyExists: something of that name was there before our create. */
export class AlreadyExistsError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_ALREADY_EXISTS', failure);
  }
}

/** 410: the resourceVersion or continue token is older than what the server still knows. */
export class GoneError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_GONE', failure);
  }
}

/** 400, 405, 413, 415, 422: the server will never accept this request. */
export class InvalidError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_INVALID', failure);
  }
}

/** 401, 403: RBAC, admission or a quota refuses; the message names which. */
export class ForbiddenError extends KubeError {
  constructor(failure: Failure) {
    super('RTC_E_KUBE_FORBIDDEN', failure);
  }
}

/** 429, 5xx, no connection, no answer in time, a broken stream. */
export class UnavailableError extends KubeError {
  /** How long the server asked us to wait; absent when it did not. */
  readonly retryAfterMs: number | undefined;
  /** True when a write may have happened: look before doing it again. */
  readonly isOutcomeUnknown: boolean;

  constructor(failure: Failure, cause?: unknown) {
    super('RTC_E_KUBE_UNAVAILABLE', failure, cause);
    this.retryAfterMs = failure.retryAfterMs;
    this.isOutcomeUnknown = failure.isOutcomeUnknown ?? false;
  }
}

/** We refused the write ourselves: this replica can no longer be sure that it leads. */
export class FencedError extends KubeError {
  constructor(call: string, message: string) {
    super('RTC_E_KUBE_FENCED', { call, status: 0, reason: 'Fenced', message });
  }
}

/** The error for an answer that is not a success. */
export function errorOf(failure: Failure): KubeError {
  switch (failure.status) {
    case 401:
    case 403:
      return new ForbiddenError(failure);
    case 404:
      return new NotFoundError(failure);
    case 409:
      return failure.reason === 'AlreadyExists'
        ? new AlreadyExistsError(failure)
        : new ConflictError(failure);
    case 410:
      return new GoneError(failure);
    default:
      return isFinal(failure.status) ? new InvalidError(failure) : new UnavailableError(failure);
  }
}

/** Of the 4xx, only 408 and 429 promise anything for later. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
