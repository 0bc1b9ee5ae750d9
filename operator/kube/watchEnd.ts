/** PURE: a watch has ended; what now, and why. */
import { GoneError, KubeError } from './errors.ts';

/** Why everything is listed again. */
export type RelistReason = 'start' | 'gone' | 'broken';

/** How a watch ended. */
export type WatchEnd =
  /** The server closed it, as it does after `timeoutSeconds`. */
  | { readonly kind: 'closed'; readonly error?: undefined }
  /** Our watchdog ended it: nothing came, not even a bookmark. */
  | { readonly kind: 'silent'; readonly error?: undefined }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What the reflector does next. */
export interface WatchNext {
  readonly reason: string;
  /** Present: list first. Absent: watch on from the last resourceVersion. */
  readonly relist?: RelistReason;
  /** Failures in a row; 0 means: at once, no pause. */
  readonly failures: number;
}

/** A watch that lived as long counts as good, whatever came before. */
const goodMs = 120_000;

/** A close without events after less than this is a server that does not want us: pause, do not spin. */
const shortMs = 1000;

/** Watches that fail in a row without a single event before we distrust our resourceVersion and list. */
const distrustAfter = 3;

/** A watch that ended, and what went before. */
export type EndedWatch = WatchEnd & {
  readonly livedMs: number;
  /** Lines it brought, bookmarks included. */
  readonly events: number;
  readonly failuresBefore: number;
};

/** Decides between watching on and listing, at once and after a pause. */
export function afterWatch(ended: EndedWatch): WatchNext {
  const before = ended.livedMs >= goodMs ? 0 : ended.failuresBefore;
  if (ended.kind === 'failed') return afterFailure(ended, before);
  const isRefusal = ended.kind === 'closed' && ended.livedMs < shortMs && ended.events === 0;
  if (isRefusal) return { reason: 'closed at once', failures: before + 1 };
  return { reason: ended.kind, failures: 0 };
}

/** The first 410 is listed after without a pause; if they repeat, with one. */
function afterFailure(ended: EndedWatch & { kind: 'failed' }, before: number): WatchNext {
  if (ended.error instanceof GoneError)
    return {
      reason: 'gone',
      relist: 'gone',
      failures: before === 0 && ended.livedMs >= shortMs ? 0 : before + 1,
    };
  const failures = before + 1;
  const reason = ended.error instanceof KubeError ? ended.error.reason : 'failed';
  const isDistrusted = ended.events === 0 && failures % distrustAfter === 0 && !isConnection(ended.error);
  return isDistrusted ? { reason, relist: 'broken', failures } : { reason, failures };
}

/** No answer at all says nothing about our resourceVersion; a broken stream might. */
function isConnection(error: unknown): boolean {
  return error instanceof KubeError && error.status === 0 && error.reason !== 'BrokenStream';
}
