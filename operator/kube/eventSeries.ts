/**
 * PURE: which of the things that happen become an Event, which only count into
 * one, and which are too many. Series as KEP-383 has them: the same thing again
 * within six minutes is the same Event.
 */

/** What happened, in the words of events.k8s.io/v1. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, for machines: `ScaledDown`. */
  readonly reason: string;
  /** CamelCase: what we did or tried: `Reconcile`. */
  readonly action: string;
  /** For people; at most 1024 characters are kept. */
  readonly note: string;
}

/** One Event that may still grow. */
export interface Series {
  readonly name: string;
  readonly count: number;
  readonly lastSeenMs: number;
  /** When the count was last written. */
  readonly writtenMs: number;
}

/** What is remembered about one object's events. */
export interface EventMemory {
  readonly series: ReadonlyMap<string, Series>;
  /** Events that may be created at once. */
  readonly tokens: number;
  readonly refilledMs: number;
}

/** What to do about a happening. */
export type EventDecision =
  | { readonly write: 'create'; readonly series: Series; readonly reason: string }
  | { readonly write: 'count'; readonly series: Series; readonly reason: string }
  | { readonly write: 'nothing'; readonly reason: string };

/** After this silence the same thing is a new Event. */
const seriesMs = 6 * 60_000;

/** A series is written at most this often: its count may lag, etcd is spared. */
const countEveryMs = 60_000;

/** Per object: a burst, then one in this time, as client-go's spam filter. */
const burst = 25;
const refillMs = 300_000;

/** Nothing has happened yet. */
export function emptyMemory(nowMs: number): EventMemory {
  return { series: new Map(), tokens: burst, refilledMs: nowMs };
}

/**
 * @param name what the Event is called if it becomes one
 */
export function decideEvent(
  memory: EventMemory,
  happening: Happening,
  at: { readonly nowMs: number; readonly name: string },
): { readonly memory: EventMemory; readonly decision: EventDecision } {
  const current = refilled(forgotten(memory, at.nowMs), at.nowMs);
  const id = [happening.type, happening.reason, happening.action, happening.note].join('\n');
  const known = current.series.get(id);
  if (known !== undefined) return again(current, id, { known, nowMs: at.nowMs });
  if (current.tokens < 1)
    return { memory: current, decision: { write: 'nothing', reason: 'too many events about this object' } };
  const series = { name: at.name, count: 1, lastSeenMs: at.nowMs, writtenMs: at.nowMs };
  const next = { ...withSeries(current, id, series), tokens: current.tokens - 1 };
  return { memory: next, decision: { write: 'create', series, reason: 'new' } };
}

function again(
  memory: EventMemory,
  id: string,
  seen: { readonly known: Series; readonly nowMs: number },
): { readonly memory: EventMemory; readonly decision: EventDecision } {
  const { known, nowMs } = seen;
  const counted = { ...known, count: known.count + 1, lastSeenMs: nowMs };
  const isDue = known.count === 1 || nowMs - known.writtenMs >= countEveryMs;
  if (!isDue)
    return {
      memory: withSeries(memory, id, counted),
      decision: { write: 'nothing', reason: 'counted, written later' },
    };
  const series = { ...counted, writtenMs: nowMs };
  return {
    memory: withSeries(memory, id, series),
    decision: { write: 'count', series, reason: 'the same again' },
  };
}

function withSeries(memory: EventMemory, id: string, series: Series): EventMemory {
  return { ...memory, series: new Map([...memory.series, [id, series]]) };
}

function forgotten(memory: EventMemory, nowMs: number): EventMemory {
  const alive = [...memory.series].filter(([, { lastSeenMs }]) => nowMs - lastSeenMs < seriesMs);
  return { ...memory, series: new Map(alive) };
}

function refilled(memory: EventMemory, nowMs: number): EventMemory {
  const earned = Math.floor((nowMs - memory.refilledMs) / refillMs);
  if (earned <= 0) return memory;
  const tokens = Math.min(burst, memory.tokens + earned);
  return { ...memory, tokens, refilledMs: memory.refilledMs + earned * refillMs };
}
