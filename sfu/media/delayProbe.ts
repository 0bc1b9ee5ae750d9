/** How long something waits in a worker before its turn comes: a packet waits in the same line as a question. */

/** A worker that serves nobody is asked at every so many looks: it sleeps in between. */
export const looksPerIdleQuestion = 5;

/** One that leaves a question unanswered over so many looks is late by more than a busy machine explains. */
const looksUntilOverdue = 10;

/** Asks one question at a time. */
export class DelayProbe {
  readonly #nowMs: () => number;
  #askedAtMs: number | undefined;
  #lastMs = 0;
  #looksSinceQuestion = 0;

  /** `nowMs` is a monotonic clock, default the process's. */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Asks, unless the last question is not answered yet, or nobody is served and it was asked lately. A question that fails tells nothing. */
  look(isServing: boolean, ask: () => Promise<unknown>): void {
    this.#looksSinceQuestion += 1;
    if (this.#askedAtMs !== undefined) return;
    if (!isServing && this.#looksSinceQuestion < looksPerIdleQuestion) return;
    this.#looksSinceQuestion = 0;
    const askedAtMs = this.#nowMs();
    this.#askedAtMs = askedAtMs;
    ask()
      .then(() => (this.#lastMs = this.#nowMs() - askedAtMs))
      .catch(() => undefined)
      .finally(() => (this.#askedAtMs = undefined));
  }

  /** Of the last answer, or so far where the one that is due takes longer. */
  seconds(): number {
    return Math.max(this.#lastMs, this.#waitedMs()) / 1000;
  }

  /**
   * For how many seconds it owes an answer, when that is unreasonably long. Looks are counted, not time: a process
   * that stood still itself has not looked, and has not read an answer either.
   */
  overdueSeconds(): number | undefined {
    const isOverdue = this.#askedAtMs !== undefined && this.#looksSinceQuestion >= looksUntilOverdue;
    return isOverdue ? this.#waitedMs() / 1000 : undefined;
  }

  #waitedMs(): number {
    return this.#askedAtMs === undefined ? 0 : this.#nowMs() - this.#askedAtMs;
  }
}
