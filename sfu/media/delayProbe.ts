/** How long something waits in a worker before its turn comes: a packet waits in the same line as a question. */

/** Asks one question at a time. */
export class DelayProbe {
  readonly #nowMs: () => number;
  #askedAtMs: number | undefined;
  #lastMs = 0;

  /** `nowMs` is a monotonic clock, default the process's. */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Asks, unless the last question is not answered yet. A question that fails tells nothing. */
  look(ask: () => Promise<unknown>): void {
    if (this.#askedAtMs !== undefined) return;
    const askedAtMs = this.#nowMs();
    this.#askedAtMs = askedAtMs;
    ask()
      .then(() => (this.#lastMs = this.#nowMs() - askedAtMs))
      .catch(() => undefined)
      .finally(() => (this.#askedAtMs = undefined));
  }

  /** There is nobody who could wait: forgets the last answer. One that is still due is waited for. */
  rest(): void {
    this.#lastMs = 0;
  }

  /** Of the last answer, or so far where the one that is due takes longer. */
  seconds(): number {
    const waitedMs = this.#askedAtMs === undefined ? 0 : this.#nowMs() - this.#askedAtMs;
    return Math.max(this.#lastMs, waitedMs) / 1000;
  }
}
