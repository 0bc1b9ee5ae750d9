import { expect, test } from '@jest/globals';

import { WorkerMeter } from '../../../sfu/media/workerMeter.ts';

test('the load is CPU time per time over the last interval', () => {
  const meter = new WorkerMeter(0);
  meter.sample({ pid: 1, cpuMs: 100, waitedMs: 0 }, 1_000);
  expect(meter.load()).toBe(0.1);
  meter.sample({ pid: 1, cpuMs: 600, waitedMs: 0 }, 2_000);
  expect(meter.load()).toBe(0.5);
});

test('a worker that others keep from running is as loaded as a busy one', () => {
  const meter = new WorkerMeter(0);
  meter.sample({ pid: 1, cpuMs: 100, waitedMs: 700 }, 1_000);
  expect(meter.load()).toBe(0.8);
});

test('a worker that was started again counts from its start, one that is down is idle', () => {
  const meter = new WorkerMeter(0);
  meter.sample({ pid: 1, cpuMs: 900, waitedMs: 0 }, 1_000);
  meter.sample({ pid: 2, cpuMs: 250, waitedMs: 0 }, 2_000);
  expect(meter.load()).toBe(0.25);
  meter.sample(undefined, 3_000);
  expect(meter.load()).toBe(0);
});

test('what was placed counts at once, until a whole interval has measured it', () => {
  const meter = new WorkerMeter(0);
  meter.expect(0.05);
  expect(meter.load()).toBe(0.05);
  meter.sample({ pid: 1, cpuMs: 0, waitedMs: 0 }, 1_000);
  expect(meter.load()).toBe(0.05);
  meter.sample({ pid: 1, cpuMs: 0, waitedMs: 0 }, 2_000);
  expect(meter.load()).toBe(0);
});

test('the load is never above a whole core', () => {
  const meter = new WorkerMeter(0);
  meter.sample({ pid: 1, cpuMs: 1_500, waitedMs: 0 }, 1_000);
  meter.expect(0.05);
  expect(meter.load()).toBe(1);
});
