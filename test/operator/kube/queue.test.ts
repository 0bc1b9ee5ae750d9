import { describe, expect, test } from '@jest/globals';
import { createQueue, type Queue, type QueueDeps, type WorkResult } from '../../../operator/kube/queue.ts';
import { createFakeClock, settle, type FakeClock } from '../../support/fakeClock.ts';

interface Run {
  readonly key: string;
  readonly atMs: number;
  finish(result?: WorkResult): Promise<void>;
  fail(): Promise<void>;
}

/** A queue whose workers the test holds in its hand. */
function build(options: Partial<QueueDeps> = {}): { queue: Queue; clock: FakeClock; runs: Run[] } {
  const clock = createFakeClock();
  const runs: Run[] = [];
  const queue = createQueue({
    clock,
    work(key) {
      const { promise, resolve, reject } = Promise.withResolvers<WorkResult>();
      runs.push({
        key,
        atMs: clock.monotonicMs(),
        finish: (result = {}) => (resolve(result), settle()),
        fail: () => (reject(new Error('failed')), settle()),
      });
      return promise;
    },
    ...options,
  });
  queue.start();
  return { queue, clock, runs };
}

const keys = (runs: readonly Run[]): string => runs.map(({ key }) => key).join(' ');

test('adds within the window are one run, at the window’s end', async () => {
  const { queue, clock, runs } = build();
  queue.add('a');
  await clock.advance(20);
  queue.add('a');
  await clock.advance(100);
  expect(runs.map(({ atMs }) => atMs)).toEqual([30]);
});

test('a key added while it is worked on is worked on once more, after that', async () => {
  const { queue, clock, runs } = build();
  queue.add('a');
  await clock.advance(30);
  queue.add('a');
  queue.add('a');
  await clock.advance(100);
  expect(keys(runs)).toBe('a');
  await runs[0]?.finish();
  expect(keys(runs)).toBe('a a');
  await runs[1]?.finish();
  await clock.advance(10_000);
  expect(keys(runs)).toBe('a a');
  expect(clock.pending).toBe(0);
});

test('no more keys at once than there are workers; high priority goes first, an add can raise it', async () => {
  const { queue, clock, runs } = build({ workers: 1 });
  queue.add('first');
  await clock.advance(30);
  queue.add('slow 1', 'low');
  queue.add('slow 2', 'low');
  await clock.advance(30);
  queue.add('fast');
  queue.add('slow 2');
  await clock.advance(30);
  for (let index = 0; index < 4; index++) await runs[index]?.finish();
  expect(keys(runs)).toBe('first slow 2 fast slow 1');
});

test('a failing key comes back after a growing pause, which success ends', async () => {
  const failures: number[] = [];
  const { queue, clock, runs } = build({
    coalesceMs: 0,
    onError: ({ failures: count, retryInMs }) => failures.push(count, retryInMs),
  });
  queue.add('a');
  for (let index = 0; index < 3; index++) {
    await clock.advance(1000);
    await runs[index]?.fail();
  }
  expect(failures).toEqual([1, 5, 2, 10, 3, 20]);
  expect(queue.stats()).toEqual({ ready: 0, waiting: 1, working: 0, failing: 1 });
  await clock.advance(20);
  await runs[3]?.finish();
  expect(queue.stats()).toEqual({ ready: 0, waiting: 0, working: 0, failing: 0 });
});

test('an add cuts a back-off short and cancels it', async () => {
  const { queue, clock, runs } = build({ backoff: { initialMs: 5000, maxMs: 5000 } });
  queue.add('a');
  await clock.advance(30);
  await runs[0]?.fail();
  queue.add('a');
  await clock.advance(30);
  expect(runs).toHaveLength(2);
  await runs[1]?.finish();
  await clock.advance(10_000);
  expect(runs).toHaveLength(2);
});

describe('a key comes back later', () => {
  test('when its worker says so; a later run that does not say so cancels it', async () => {
    const { queue, clock, runs } = build();
    queue.add('a');
    await clock.advance(30);
    await runs[0]?.finish({ requeueAfterMs: 1000 });
    await clock.advance(999);
    expect(runs).toHaveLength(1);
    await clock.advance(1);
    await runs[1]?.finish({ requeueAfterMs: 1000 });
    queue.add('a');
    await clock.advance(30);
    await runs[2]?.finish();
    await clock.advance(10_000);
    expect(runs).toHaveLength(3);
  });

  test('when somebody asked; a run in between does not cancel it, the earliest of several stands', async () => {
    const { queue, clock, runs } = build();
    queue.addAfter('a', 2000);
    queue.addAfter('a', 1000);
    queue.addAfter('a', 3000);
    queue.add('a');
    await clock.advance(30);
    await runs[0]?.finish();
    await clock.advance(10_000);
    expect(runs.map(({ atMs }) => atMs)).toEqual([30, 1000]);
  });
});

test('reports how long a key waited and was worked on', async () => {
  const reports: unknown[] = [];
  const { queue, clock, runs } = build({ workers: 1, onRun: (report) => reports.push(report) });
  queue.add('a');
  queue.add('b');
  await clock.advance(130);
  await runs[0]?.finish();
  expect(reports).toEqual([{ key: 'a', result: 'success', waitedMs: 0, workedMs: 100 }]);
  await runs[1]?.fail();
  expect(reports[1]).toEqual({ key: 'b', result: 'error', waitedMs: 100, workedMs: 0 });
});

test('closing waits for what is being worked on and starts nothing more', async () => {
  const { queue, clock, runs } = build({ workers: 1 });
  queue.add('a');
  queue.add('b');
  await clock.advance(30);
  let isClosed = false;
  const closing = queue.close().then(() => (isClosed = true));
  await settle();
  expect(isClosed).toBe(false);
  queue.add('c');
  await runs[0]?.finish({ requeueAfterMs: 1 });
  await closing;
  await clock.advance(1000);
  expect(keys(runs)).toBe('a');
  expect(clock.pending).toBe(0);
});

test('nothing is worked on before the start', async () => {
  const clock = createFakeClock();
  const worked: string[] = [];
  const queue = createQueue({ clock, work: (key) => Promise.resolve((worked.push(key), {})) });
  queue.add('a');
  await clock.advance(1000);
  expect(worked).toEqual([]);
  queue.start();
  expect(worked).toEqual(['a']);
});

test('tells how long the oldest run under way has taken', async () => {
  const { queue, clock, runs } = build();
  expect(queue.longestWorkMs()).toBeUndefined();
  queue.add('a');
  await clock.advance(30);
  await clock.advance(1000);
  queue.add('b');
  await clock.advance(500);
  expect(queue.longestWorkMs()).toBe(1500);
  await runs[0]?.finish();
  expect(queue.longestWorkMs()).toBe(470);
});
