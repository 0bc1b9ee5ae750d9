/** At most so many at a time; who waits longer than allowed is turned away. */

/** Runs work when its turn comes. */
export interface Limiter {
  /** Rejects with `Busy` when no turn came in time. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** No turn came in time. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** `concurrent` pieces of work at a time, in order of arrival. */
export function createLimiter({ concurrent, waitMs }: { concurrent: number; waitMs: number }): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(new Busy('too many requests at a time'));
      }, waitMs);
      waiting.push(start);
    });
  return {
    async run(work) {
      if (running >= concurrent) await turn();
      else running += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next(); // The turn passes on, so the count stays.
      }
    },
  };
}
