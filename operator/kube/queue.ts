/**
 * The work queue: a key is in it once, however often it is added, and is worked
 * on by one worker at a time. An add while a key is being worked on brings it back
 * afterwards, so nothing that happened meanwhile is lost.
 */
import { type BackoffPolicy, backoffMs, keyBackoff } from './backoff.ts';
import type { Cancel, Clock } from './clock.ts';

/** Waiting keys of high priority go first; the first list after a start is low. */
export type Priority = 'high' | 'low';

/** What a worker wants next: nothing, or to see the key again later. */
export interface WorkResult {
  /** Replaces what an earlier run of the same key wanted. Absent: only when added. */
  readonly requeueAfterMs?: number;
}

/** How one run of a key ended: for metrics. */
export interface RunReport {
  readonly key: string;
  readonly result: 'success' | 'error';
  /** From ready to be worked on until a worker took it. */
  readonly waitedMs: number;
  readonly workedMs: number;
}

/** What a queue is made of. */
export interface QueueDeps {
  /** Works on one key. A rejection brings the key back after its back-off. */
  readonly work: (key: string, signal: AbortSignal) => Promise<WorkResult>;
  readonly clock: Clock;
  /** Keys worked on at once. Default 4. */
  readonly workers?: number;
  /** How long an added key gathers further adds. Default 30. */
  readonly coalesceMs?: number;
  /** Default 5 ms to 1000 s. */
  readonly backoff?: BackoffPolicy;
  /** Told of every rejection before the key waits. Must not throw. */
  readonly onError?: (failed: { key: string; error: unknown; failures: number; retryInMs: number }) => void;
  readonly onRun?: (report: RunReport) => void;
}

/** What is going on, for metrics and logs. */
export interface QueueStats {
  /** Ready and waiting for a worker. */
  readonly ready: number;
  /** Not ready yet: gathering adds, delayed, or backing off. */
  readonly waiting: number;
  readonly working: number;
  /** Keys whose last run failed. */
  readonly failing: number;
}

/** A queue of keys. */
export interface Queue {
  /** The key is worked on soon, within `coalesceMs` if a worker is free. */
  add(key: string, priority?: Priority): void;
  /** The key is worked on no sooner than that. The earliest of several stands; a run in between does not cancel it. */
  addAfter(key: string, delayMs: number): void;
  /** Nothing is worked on before. */
  start(): void;
  stats(): QueueStats;
  /** How long the oldest run that is under way has taken so far; undefined while nothing is worked on. */
  longestWorkMs(): number | undefined;
  /** Drops what waits, aborts the workers' signal and waits for them. */
  close(): Promise<void>;
}

/** Why a key waits: each reason has one timer of its own. */
type Wish = 'added' | 'asked' | 'own';

/** What is known of a key that waits, is ready or is worked on. */
interface Entry {
  readonly timers: Map<Wish, { readonly dueMs: number; readonly cancel: Cancel }>;
  priority: Priority;
  readySinceMs: number | undefined;
  /** When the run that is under way began; undefined while there is none. */
  workingSinceMs: number | undefined;
  /** Became due while being worked on. */
  isDueAgain: boolean;
  failures: number;
}

/** A queue that starts to work at `start()`. */
export function createQueue(deps: QueueDeps): Queue {
  return new WorkQueue(deps);
}

class WorkQueue implements Queue {
  readonly #deps: QueueDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #ready = { high: new Set<string>(), low: new Set<string>() };
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #isStarted = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  add(key: string, priority: Priority = 'high'): void {
    if (this.#abort.signal.aborted) return;
    const entry = this.#entry(key);
    if (priority === 'high') this.#raise(key, entry);
    if (entry.readySinceMs === undefined) this.#wish(key, 'added', this.#deps.coalesceMs ?? 30);
  }

  addAfter(key: string, delayMs: number): void {
    if (!this.#abort.signal.aborted) this.#wish(key, 'asked', delayMs);
  }

  start(): void {
    this.#isStarted = true;
    this.#pump();
  }

  stats(): QueueStats {
    const entries = [...this.#entries.values()];
    return {
      ready: this.#ready.high.size + this.#ready.low.size,
      waiting: entries.filter((entry) => entry.timers.size > 0).length,
      working: this.#running.size,
      failing: entries.filter((entry) => entry.failures > 0).length,
    };
  }

  longestWorkMs(): number | undefined {
    const begun = [...this.#entries.values()].flatMap(({ workingSinceMs }) => workingSinceMs ?? []);
    return begun.length === 0 ? undefined : this.#deps.clock.monotonicMs() - Math.min(...begun);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    for (const entry of this.#entries.values()) entry.timers.forEach(({ cancel }) => cancel());
    this.#ready.high.clear();
    this.#ready.low.clear();
    await Promise.all(this.#running);
    this.#entries.clear();
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      timers: new Map(),
      priority: 'low',
      readySinceMs: undefined,
      workingSinceMs: undefined,
      isDueAgain: false,
      failures: 0,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #raise(key: string, entry: Entry): void {
    entry.priority = 'high';
    if (this.#ready.low.delete(key)) this.#ready.high.add(key);
  }

  /** Sets a timer unless one of the same kind is due earlier. */
  #wish(key: string, wish: Wish, delayMs: number): void {
    const entry = this.#entry(key);
    const dueMs = this.#deps.clock.monotonicMs() + delayMs;
    const known = entry.timers.get(wish);
    if (known !== undefined && known.dueMs <= dueMs) return;
    known?.cancel();
    const cancel = this.#deps.clock.after(delayMs, () => {
      entry.timers.delete(wish);
      this.#due(key, entry);
    });
    entry.timers.set(wish, { dueMs, cancel });
  }

  #due(key: string, entry: Entry): void {
    if (entry.workingSinceMs !== undefined) entry.isDueAgain = true;
    else if (entry.readySinceMs === undefined) {
      entry.readySinceMs = this.#deps.clock.monotonicMs();
      this.#ready[entry.priority].add(key);
    }
    this.#pump();
  }

  #pump(): void {
    while (this.#isStarted && !this.#abort.signal.aborted && this.#running.size < (this.#deps.workers ?? 4)) {
      const [key] = this.#ready.high.size > 0 ? this.#ready.high : this.#ready.low;
      if (key === undefined) return;
      const run = this.#run(key, this.#take(key)).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  #take(key: string): Entry {
    const entry = this.#entry(key);
    this.#ready[entry.priority].delete(key);
    entry.priority = 'low';
    entry.workingSinceMs = this.#deps.clock.monotonicMs();
    this.#forget(entry, 'own');
    return entry;
  }

  async #run(key: string, entry: Entry): Promise<void> {
    const startedMs = this.#deps.clock.monotonicMs();
    const waitedMs = startedMs - (entry.readySinceMs ?? startedMs);
    entry.readySinceMs = undefined;
    const result = await this.#work(key, entry);
    this.#deps.onRun?.({ key, result, waitedMs, workedMs: this.#deps.clock.monotonicMs() - startedMs });
    this.#finish(key, entry);
  }

  async #work(key: string, entry: Entry): Promise<RunReport['result']> {
    try {
      const { requeueAfterMs } = await this.#deps.work(key, this.#abort.signal);
      entry.failures = 0;
      if (requeueAfterMs !== undefined && !this.#abort.signal.aborted) this.#wish(key, 'own', requeueAfterMs);
      return 'success';
    } catch (error) {
      entry.failures += 1;
      const policy = this.#deps.backoff ?? keyBackoff;
      const retryInMs = backoffMs(policy, entry.failures, this.#deps.clock.random());
      this.#deps.onError?.({ key, error, failures: entry.failures, retryInMs });
      if (!this.#abort.signal.aborted) this.#wish(key, 'own', retryInMs);
      return 'error';
    }
  }

  #finish(key: string, entry: Entry): void {
    entry.workingSinceMs = undefined;
    if (entry.isDueAgain && !this.#abort.signal.aborted) {
      entry.isDueAgain = false;
      this.#due(key, entry);
    } else if (entry.timers.size === 0 && entry.failures === 0) this.#entries.delete(key);
  }

  #forget(entry: Entry, wish: Wish): void {
    entry.timers.get(wish)?.cancel();
    entry.timers.delete(wish);
  }
}
