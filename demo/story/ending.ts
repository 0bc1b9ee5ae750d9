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
  const closeAll = async (): Promise<void> => {
    say('cleaning up');
    for (const close of closers.reverse()) {
      try {
        await close();
      } catch (error) {
        say(`could not clean up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    say('done');
  };
  return {
    atEnd: (close) => closers.push(close),
    end: () => (ended ??= closeAll()),
  };
}
