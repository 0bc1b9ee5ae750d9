/** What `/livez` and `/readyz` answer, from a few ages. PURE. */

/** One mirror of the API server. */
export interface MirrorVitals {
  readonly kind: string;
  /** Since it last asked or heard anything; its loop lives as long as this stays small. */
  readonly idleMs: number;
  /** Since the server last told it anything; undefined before the first list. */
  readonly lastEventAgeMs: number | undefined;
}

/** A mirror asks again within the watchdog's 90 s and a back-off of 30 s, whatever the server does. */
const stuckMirrorMs = 10 * 60_000;
/** Each request of a reconcile has a time limit of its own; no reconcile takes this long. */
const stuckWorkMs = 10 * 60_000;
/** Bookmarks come about once a minute; the watchdog ends a silent watch after 90 s and a new one is begun. */
const deafMs = 3 * 60_000;

/** What only a restart heals; undefined while all goes on. An API server that is down is no such thing. */
export function stuckReason(
  mirrors: readonly MirrorVitals[],
  longestWorkMs: number | undefined,
): string | undefined {
  const mirror = mirrors.find(({ idleMs }) => idleMs > stuckMirrorMs);
  if (mirror !== undefined)
    return `the watch on ${mirror.kind} has neither asked nor heard anything for ${wholeSeconds(mirror.idleMs)} s`;
  if (longestWorkMs === undefined || longestWorkMs <= stuckWorkMs) return undefined;
  return `one reconcile has been under way for ${wholeSeconds(longestWorkMs)} s`;
}

/** Kinds of which nothing was heard for too long: what we decide may rest on an old view. */
export function deafReason(mirrors: readonly MirrorVitals[]): string | undefined {
  const deaf = mirrors.filter(({ lastEventAgeMs }) => (lastEventAgeMs ?? 0) > deafMs);
  if (deaf.length === 0) return undefined;
  const oldestMs = Math.max(...deaf.map(({ lastEventAgeMs }) => lastEventAgeMs ?? 0));
  const kinds = deaf.map(({ kind }) => kind).join(', ');
  return `the API server has told nothing about ${kinds} for up to ${wholeSeconds(oldestMs)} s: is it reachable from this pod?`;
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
