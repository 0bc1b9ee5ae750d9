/** What the verbs that write answer: what was written, and what will come of it. */
import type { Answer } from './io.ts';

/** See the file comment. */
export interface DoneView {
  /** One line for each write; none when all was so already. */
  readonly wrote: readonly string[];
  /** What will follow, as far as it can be told. */
  readonly follows: readonly string[];
  /** With `--wait`: true when it came to its end. */
  readonly isOver?: boolean;
  /** With `--wait`: what came of it. */
  readonly ended?: readonly string[];
}

/** As an answer; text from the same view. */
export function done(view: DoneView, exitCode?: number): Answer {
  const lines = [...(view.wrote.length === 0 ? ['Nothing was written: it is so already.'] : view.wrote)];
  return {
    view,
    text: [...lines, ...view.follows].join('\n'),
    ...(exitCode !== undefined && { exitCode }),
  };
}
