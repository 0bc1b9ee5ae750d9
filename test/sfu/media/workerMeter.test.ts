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

test('what was placed counts at once, then less and less while it is measured', () => {
  const meter = new WorkerMeter(0);
  meter.expect(0.05);
  expect(meter.load()).toBe(0.05);
  const loads = Array.from({ length: 30 }, (_, second) => {
    meter.sample({ pid: 1, cpuMs: 0, waitedMs: 0 }, 1_000 * (second + 1));
    return meter.load();
  });
  expect(loads[0]).toBeCloseTo(0.04);
  expect(loads).toEqual([...loads].sort((a, b) => b - a));
  expect(loads[29]).toBeLessThan(0.0001);
});

test('the load is never above a whole core', () => {
  const meter = new WorkerMeter(0);
  meter.sample({ pid: 1, cpuMs: 1_500, waitedMs: 0 }, 1_000);
  meter.expect(0.05);
  expect(meter.load()).toBe(1);
});
