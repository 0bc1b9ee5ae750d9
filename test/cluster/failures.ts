/** Programs that ended although they should run: whoever waits for something that needs them fails at once. */
import { eventually } from '../support/eventually.ts';
import type { EventuallyOptions } from '../support/eventually.ts';

/** Collects failures. */
export interface Failures {
  report(error: Error): void;
  /** In order. */
  readonly all: readonly Error[];
  /** What has failed so far is no reason any more to give up waiting. */
  acknowledge(): void;
  /** Waits as `eventually` does, but rejects as soon as there is a failure that nobody acknowledged. */
  readonly eventually: typeof eventually;
}

/** An empty collection. `onReport` is told of each. */
export function createFailures(onReport: (error: Error) => void): Failures {
  const all: Error[] = [];
  let acknowledged = 0;
  return {
    all,
    report(error) {
      all.push(error);
      onReport(error);
    },
    acknowledge: () => void (acknowledged = all.length),
    async eventually(missing, options: EventuallyOptions = {}) {
      await eventually(() => (all.length > acknowledged ? undefined : missing()), options);
      const failure = all[acknowledged];
      if (failure !== undefined) throw failure;
    },
  };
}

/** Waits for all of them to end, one way or the other; then rejects if one has failed, with the first reason. */
export async function allEnded(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
