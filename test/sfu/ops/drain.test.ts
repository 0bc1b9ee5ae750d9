import { expect, test } from '@jest/globals';
import { awaitEmpty, createDrain } from '../../../sfu/ops/drain.ts';

test('a drain is taken back, an ending is not; each change is told once', () => {
  const states: string[] = [];
  const drain = createDrain((state) => states.push(state));
  drain.start();
  drain.start();
  expect(drain.stop()).toBe(true);
  drain.terminate();
  expect([drain.stop(), drain.isDraining]).toEqual([false, true]);
  drain.start();
  expect(states).toEqual(['draining', 'serving', 'terminating']);
});

const signal = new AbortController().signal;

test('waits for the last session', async () => {
  let sessions = 2;
  const over = awaitEmpty({ sessions: () => sessions--, timeoutMs: 0, signal, intervalMs: 1 });
  await expect(over).resolves.toBe('empty');
});

test('gives up after the time-out', async () => {
  await expect(awaitEmpty({ sessions: () => 1, timeoutMs: 5, signal, intervalMs: 1 })).resolves.toBe(
    'timeout',
  );
});

test('ends at once when told so', async () => {
  const abort = new AbortController();
  const over = awaitEmpty({ sessions: () => 1, timeoutMs: 0, signal: abort.signal, intervalMs: 1 });
  abort.abort();
  await expect(over).resolves.toBe('aborted');
});
