/** Whatever is done to the queue in whatever order: never two workers on a key, nothing lost, nothing for nothing. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQueue, type Priority, type WorkResult } from '../../../operator/kube/queue.ts';
import { createFakeClock, settle } from '../../support/fakeClock.ts';

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key, priority: fc.constantFrom<Priority>('high', 'low') }),
  fc.record({ do: fc.constant('addAfter' as const), key, delayMs: fc.nat(500) }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.nat(200) }),
  fc.record({ do: fc.constant('finish' as const), index: fc.nat(2), requeueAfterMs: fc.option(fc.nat(500)) }),
  fc.record({ do: fc.constant('fail' as const), index: fc.nat(2) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const workers = 2;

/** Checks the invariants at each start of a run, and keeps what is needed to check the rest at the end. */
function buildModel() {
  const clock = createFakeClock();
  const working: { key: string; resolve: (result: WorkResult) => void; reject: (error: Error) => void }[] =
    [];
  /** Keys that somebody wants to see worked on, and that have not been since. */
  const owed = new Set<string>();
  let starts = 0;
  let wishes = 0;
  const queue = createQueue({
    clock,
    workers,
    work(started) {
      expect(working.map((run) => run.key)).not.toContain(started);
      expect(working.length).toBeLessThan(workers);
      starts += 1;
      owed.delete(started);
      const { promise, resolve, reject } = Promise.withResolvers<WorkResult>();
      working.push({ key: started, resolve, reject });
      return promise;
    },
  });
  queue.start();
  const wish = (wanted: string): void => {
    wishes += 1;
    owed.add(wanted);
  };
  const run = async (doing: Step): Promise<void> => {
    if (doing.do === 'advance') return clock.advance(doing.ms);
    if (doing.do === 'add' || doing.do === 'addAfter') {
      wish(doing.key);
      if (doing.do === 'add') queue.add(doing.key, doing.priority);
      else queue.addAfter(doing.key, doing.delayMs);
      return;
    }
    const [ended] = working.splice(doing.index, 1);
    if (ended === undefined) return;
    if (doing.do === 'fail' || doing.requeueAfterMs !== null) wish(ended.key);
    if (doing.do === 'fail') ended.reject(new Error('failed'));
    else ended.resolve(doing.requeueAfterMs === null ? {} : { requeueAfterMs: doing.requeueAfterMs });
    await settle();
  };
  const finishAll = async (): Promise<void> => {
    for (let round = 0; round < 50; round++) {
      await clock.advance(2000);
      await run({ do: 'finish', index: 0, requeueAfterMs: null });
    }
  };
  return { queue, clock, run, finishAll, owed, totals: () => ({ starts, wishes }) };
}

test('never two workers on a key, nothing lost, no run that nobody wanted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = buildModel();
      for (const doing of steps) await model.run(doing);
      await model.finishAll();
      expect([...model.owed]).toEqual([]);
      expect(model.totals().starts).toBeLessThanOrEqual(model.totals().wishes);
      expect(model.queue.stats()).toEqual({ ready: 0, waiting: 0, working: 0, failing: 0 });
      expect(model.clock.pending).toBe(0);
    }),
    { numRuns: 150 },
  );
});
