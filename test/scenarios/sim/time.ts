/** Virtual time: everything that happens is an event on one line, and nothing waits for real. */
import { steadyWall, type Cancel, type Clock } from '../../../operator/kube/clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  /** Absent once it was cancelled. */
  run: (() => void) | undefined;
  /** Whether promises may settle because of it. */
  readonly settles: boolean;
}

/** What the world outside of programs asks of time, virtual or real. */
export interface Timeline {
  /** Milliseconds since the scenario began. */
  readonly nowMs: number;
  /** Runs once after `delayMs`. */
  after(delayMs: number, run: () => void): Cancel;
}

/** The line of events. */
export class SimTime implements Timeline {
  readonly #heap: Entry[] = [];
  #nowMs = 0;
  #order = 0;

  /** Milliseconds since the scenario began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Something of the world that no promise waits for. */
  after(delayMs: number, run: () => void): Cancel {
    return this.#add({ delayMs, run, settles: false });
  }

  /** Something that a program waits for: what follows from it happens before anything else does. */
  afterSettling(delayMs: number, run: () => void): Cancel {
    return this.#add({ delayMs, run, settles: true });
  }

  /** Runs what is due until then. Stops early when `isOver` says so. */
  async runUntil(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    await settled();
    for (let entry = this.#take(untilMs); entry !== undefined; entry = this.#take(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, entry.dueMs);
      entry.run?.();
      if (entry.settles) await settled();
      if (isOver()) return;
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #add({ delayMs, run, settles }: { delayMs: number; run: () => void; settles: boolean }): Cancel {
    const entry: Entry = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run, settles };
    push(this.#heap, entry);
    return () => {
      entry.run = undefined;
    };
  }

  /** The next that was not cancelled. */
  #take(untilMs: number): Entry | undefined {
    for (let [first] = this.#heap; first !== undefined && first.dueMs <= untilMs; [first] = this.#heap) {
      pop(this.#heap);
      if (first.run !== undefined) return first;
    }
    return undefined;
  }
}

/** The clock of one process: ends with it, and its wall clock may be wrong. */
export class ProcessClock implements Clock {
  readonly #time: SimTime;
  readonly #random: () => number;
  readonly #wallMs: () => number;
  /** Milliseconds by which the wall clock of its machine is ahead of the world's. */
  skewMs = 0;
  #isDead = false;

  constructor(time: SimTime, random: () => number) {
    this.#time = time;
    this.#random = random;
    this.#wallMs = steadyWall({
      wallMs: () => wallMs(time) + this.skewMs,
      monotonicMs: () => this.monotonicMs(),
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  monotonicMs(): number {
    return this.#time.nowMs;
  }

  wallMs(): number {
    return this.#wallMs();
  }

  random(): number {
    return this.#random();
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.#time.afterSettling(delayMs, () => {
      if (!this.#isDead) run();
    });
  }

  /** No timer fires any more: the process was killed. */
  kill(): void {
    this.#isDead = true;
  }
}

/** When every scenario begins. */
/** When every scenario begins by the world's wall clock, milliseconds since the epoch. */
export const startMs = Date.parse('2026-11-23T08:00:00Z');

/** The world's wall clock, milliseconds since the epoch. */
export function wallMs(time: SimTime): number {
  return startMs + time.nowMs;
}

/** Lets every promise settle that can: a tick comes after all of them, and costs no turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.dueMs === b.dueMs ? a.order < b.order : a.dueMs < b.dueMs;
}

/** A binary heap: the first to happen is on top. */
function push(heap: Entry[], entry: Entry): void {
  heap.push(entry);
  for (let at = heap.length - 1; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!swapIfBefore(heap, at, parent)) return;
    at = parent;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ;) {
    const left = at * 2 + 1;
    const least = [left, left + 1].reduce(
      (best, child) => (isChildBefore(heap, child, best) ? child : best),
      at,
    );
    if (least === at) return;
    swapIfBefore(heap, least, at);
    at = least;
  }
}

function isChildBefore(heap: readonly Entry[], child: number, other: number): boolean {
  const [a, b] = [heap[child], heap[other]];
  return a !== undefined && b !== undefined && isBefore(a, b);
}

function swapIfBefore(heap: Entry[], at: number, other: number): boolean {
  const [a, b] = [heap[at], heap[other]];
  if (a === undefined || b === undefined || !isBefore(a, b)) return false;
  heap[at] = b;
  heap[other] = a;
  return true;
}
