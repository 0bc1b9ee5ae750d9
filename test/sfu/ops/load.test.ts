import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cpuLoad,
  isFull,
  type LoadInputs,
  loadShare,
  nobodyHere,
  type WorkerLoad,
} from '../../../sfu/ops/load.ts';
import { parseSchedstat, parseStat } from '../../../sfu/ops/processes.ts';

const free: WorkerLoad = { load: 0, hasRoom: true, trouble: undefined };
const dead: WorkerLoad = { load: 0, hasRoom: false, trouble: 'media worker died' };
const idle: LoadInputs = { workers: [free], cores: 8, sessions: 0, maxSessions: 0, isDraining: false };
const loaded = (...loads: readonly number[]): LoadInputs => ({
  ...idle,
  workers: loads.map((load) => ({ ...free, load })),
});

describe('cpu_load', () => {
  test('is 1 ÷ idle worker cores, as a stock rtcd answers for its machine', () => {
    expect(cpuLoad(idle)).toBe(1);
    expect(cpuLoad(loaded(0, 0, 0, 0))).toBe(0.25);
    expect(cpuLoad(loaded(0.5))).toBe(2);
    expect(cpuLoad(loaded(0.5, 0.5))).toBe(1);
  });

  test('more workers than cores do not make more cores', () => {
    expect(cpuLoad({ ...loaded(0, 0, 0, 0), cores: 2 })).toBe(0.5);
    expect(cpuLoad({ ...loaded(0.5, 0.5, 0, 0), cores: 2 })).toBe(1);
  });

  test('a dead worker is no idle core', () => {
    expect(cpuLoad({ ...idle, workers: [free, dead] })).toBe(1);
  });

  test('draining and full send everybody elsewhere', () => {
    expect(cpuLoad({ ...idle, isDraining: true })).toBe(nobodyHere);
    expect(cpuLoad({ ...idle, sessions: 50, maxSessions: 50 })).toBe(nobodyHere);
    expect(cpuLoad({ ...idle, sessions: 49, maxSessions: 50 })).toBe(1);
    expect(cpuLoad({ ...idle, workers: [{ ...free, load: 0.79, hasRoom: false }] })).toBe(nobodyHere);
    expect(cpuLoad({ ...idle, workers: [dead] })).toBe(nobodyHere);
  });

  test('one worker with room is enough not to be full', () => {
    expect(isFull({ ...idle, workers: [{ ...free, load: 0.9, hasRoom: false }, free] })).toBe(false);
  });

  test('is finite and below a draining one whatever was measured', () => {
    const worker = fc.record({
      load: fc.double({ min: 0, max: 1, noNaN: true }),
      hasRoom: fc.constant(true),
      trouble: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(worker, { minLength: 1 }), fc.integer({ min: 1, max: 64 }), (workers, cores) => {
        const inputs = { ...idle, workers, cores };
        expect(cpuLoad(inputs)).toBeGreaterThan(0);
        expect(cpuLoad(inputs)).toBeLessThan(nobodyHere);
        expect(loadShare(inputs)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('measuring', () => {
  test('a process name with spaces and brackets does not shift the fields of proc(5)', () => {
    const rest = [
      'S',
      ...Array.from({ length: 10 }, () => '0'),
      '7',
      '3',
      ...Array.from({ length: 7 }, () => '0'),
      '4096',
      '2',
    ];
    expect(parseStat(`42 (a) b) ${rest.join(' ')}\n`)).toEqual({
      cpuMs: 100,
      virtualBytes: 4096,
      residentBytes: 8192,
    });
    expect(parseStat('')).toBeUndefined();
  });

  test('waiting for a core is the second field of schedstat, in nanoseconds', () => {
    expect(parseSchedstat('536294000 1492077543 176\n')).toBe(1492.077543);
    expect(parseSchedstat('')).toBe(0);
  });
});
