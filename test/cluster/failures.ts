/** Programs that ended although they should run: makes whoever waits for something fail at once. */

/** Collects failures. */
export interface Failures {
  report(error: Error): void;
  /** In order. */
  readonly all: readonly Error[];
  /** The outcome of `work`, or a failure if one comes first. */
  orFailure<T>(work: Promise<T>): Promise<T>;
}

/** An empty collection. `onReport` is told of each. */
export function createFailures(onReport: (error: Error) => void): Failures {
  const all: Error[] = [];
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined); // Most of the time nobody waits.
  return {
    all,
    report(error) {
      all.push(error);
      onReport(error);
      reject(error);
    },
    orFailure: (work) => {
      work.catch(() => undefined); // It may fail as well, later, because of the failure.
      return Promise.race([work, failed]);
    },
  };
}
