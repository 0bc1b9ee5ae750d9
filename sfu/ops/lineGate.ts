/** How many lines of one kind the log takes: whoever can have us refuse something must not fill the disk with it. */

/** What becomes of a line. */
export interface Verdict {
  readonly isWritten: boolean;
  /** Kinds of which lines were left out in a window that is over now. */
  readonly leftOut: readonly { readonly text: string; readonly lines: number }[];
}

/** Lines of one text in a window, by pino's level: what happens anyway may happen often, what goes wrong is told by a few. */
const mostLines = { debug: 500, info: 2_000, warn: 200 };

/** Texts are constants of this program; the bound is for the day when one is not. */
const mostTexts = 1_000;

/** Milliseconds of a window. */
export const windowMs = 10_000;

/** Counts lines in windows. Keeps nothing of the lines but their texts. */
export class LineGate {
  #windowEndMs = 0;
  #counts = new Map<string, { written: number; leftOut: number }>();

  /** `level` is pino's: 20 debug, 30 info, 40 warn. */
  judge(text: string, level: number, nowMs: number): Verdict {
    const leftOut = nowMs >= this.#windowEndMs ? this.#turn(nowMs) : [];
    const count = this.#countOf(text);
    const isWritten = count.written < mostOf(level);
    if (isWritten) count.written += 1;
    else count.leftOut += 1;
    return { isWritten, leftOut };
  }

  #turn(nowMs: number): Verdict['leftOut'] {
    const before = [...this.#counts].filter(([, { leftOut }]) => leftOut > 0);
    this.#counts = new Map();
    this.#windowEndMs = nowMs + windowMs;
    return before.map(([text, { leftOut }]) => ({ text, lines: leftOut }));
  }

  #countOf(text: string): { written: number; leftOut: number } {
    const key = this.#counts.has(text) || this.#counts.size < mostTexts ? text : 'others';
    const count = this.#counts.get(key) ?? { written: 0, leftOut: 0 };
    this.#counts.set(key, count);
    return count;
  }
}

function mostOf(level: number): number {
  if (level >= 40) return mostLines.warn;
  return level >= 30 ? mostLines.info : mostLines.debug;
}
