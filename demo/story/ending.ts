/** Whatever happens, what was opened is closed: the last first, each once. */
import type { Say } from '../../test/setup/progress.ts';

/** Collects what has to be closed. */
export interface Ending {
  /** To be called at the end, before everything that was added earlier. */
  atEnd(close: () => unknown): void;
  /** Closes everything; a failure is said and does not keep the others open. A second call waits for the first. */
  end(): Promise<void>;
}

/** An ending with nothing in it. */
export function createEnding(say: Say): Ending {
  const closers: (() => unknown)[] = [];
  let ended: Promise<void> | undefined;
  const attempt = async (close: () => unknown): Promise<void> => {
    try {
      await close();
    } catch (error) {
      say(`could not clean up: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const closeAll = async (): Promise<void> => {
    say('cleaning up');
    for (const close of closers.reverse()) await attempt(close);
    say('done');
  };
  return {
    atEnd(close) {
      if (ended === undefined) closers.push(close);
      else void attempt(close); // Opened while everything else was being closed.
    },
    end: () => (ended ??= closeAll()),
  };
}
