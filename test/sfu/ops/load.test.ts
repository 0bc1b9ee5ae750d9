import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { busyBetween } from '../../../sfu/ops/cpu.ts';
import { busyCores, cpuLoad, nobodyHere, type LoadInputs } from '../../../sfu/ops/load.ts';
import { parseStat } from '../../../sfu/ops/processes.ts';

const idle: LoadInputs = {
  busyCores: 0,
  cores: 1,
  newCalls: 0,
  sessions: 0,
  maxSessions: 0,
  isDraining: false,
};

describe('cpu_load', () => {
  test('is 1 ÷ idle cores, as a stock rtcd answers', () => {
    expect(cpuLoad(idle)).toBe(1);
    expect(cpuLoad({ ...idle, cores: 4 })).toBe(0.25);
    expect(cpuLoad({ ...idle, busyCores: 0.5 })).toBe(2);
  });

  test('a new call counts at once, so that a burst spreads', () => {
    expect(cpuLoad({ ...idle, newCalls: 1 })).toBeGreaterThan(cpuLoad(idle));
    expect(cpuLoad({ ...idle, newCalls: 2 })).toBeGreaterThan(cpuLoad({ ...idle, newCalls: 1 }));
  });

  test('draining and full send everybody elsewhere', () => {
    expect(cpuLoad({ ...idle, isDraining: true })).toBe(nobodyHere);
    expect(cpuLoad({ ...idle, sessions: 50, maxSessions: 50 })).toBe(nobodyHere);
    expect(cpuLoad({ ...idle, sessions: 49, maxSessions: 50 })).toBe(1);
  });

  test('is finite and below a draining one whatever was measured', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.nat(1_000),
        fc.integer({ min: 1, max: 64 }),
        (busy, newCalls, cores) => {
          const load = cpuLoad({ ...idle, busyCores: busy, newCalls, cores });
          expect(load).toBeGreaterThan(0);
          expect(load).toBeLessThan(nobodyHere);
          expect(busyCores({ ...idle, busyCores: busy, newCalls, cores })).toBeLessThanOrEqual(cores);
        },
      ),
    );
  });
});

describe('measuring', () => {
  test('cores are CPU time per time; a process that has just begun counts, one that ended does not', () => {
    const before = {
      atMs: 0,
      uses: new Map([
        ['1', { cpuMs: 100 }],
        ['2', { cpuMs: 900 }],
      ]),
    };
    const after = {
      atMs: 1_000,
      uses: new Map([
        ['1', { cpuMs: 600 }],
        ['3', { cpuMs: 250 }],
      ]),
    };
    expect(busyBetween(before, after)).toBe(0.75);
  });

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
});
