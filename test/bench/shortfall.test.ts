/** What the page says about aims that were missed follows from the run, and says no cause that was not measured. */
import { expect, test } from '@jest/globals';

import type { Round } from './measures.ts';
import type { RunResult } from './run.ts';
import { type Seen, shortfallLines } from './shortfall.ts';

const mebibyte = 2 ** 20;
const nothing: Seen = { played: new Map(), floors: [], profiles: {} };

function result(changes: Partial<RunResult>): RunResult {
  return {
    ...{ windowSeconds: 10, sessions: 200, forwarded: 1000, lost: 0, expected: 1000, cpuMs: 20 },
    ...{ cpuPerPacketUs: 20, delayMs: { p50: 1, p95: 2, p99: 3 }, joinMs: { p50: NaN, p99: NaN, joins: 0 } },
    ...{
      memory: { before: 0, during: 0, after: 0 },
      generatorLoad: 0.2,
      refusals: 0,
      rejoins: 0,
      figures: {},
    },
    ...changes,
  };
}
const packets = (ours: number, rtcd: number): Round => ({
  ours: result({ cpuPerPacketUs: ours }),
  rtcd: result({ cpuPerPacketUs: rtcd }),
});
const profile = { scenario: '1x50-u2', cpuPerPacketUs: 12, parts: [{ name: 'kernel: sockets', share: 0.5 }] };
const floor = (us: number) => ({ suite: 'S', results: [{ forwarded: 1, expected: 1, cpuPerPacketUs: us }] });
const textOf = (seen: Partial<Seen>): string => shortfallLines({ ...nothing, ...seen }).join('\n');

test('a run that reached every aim, or played nothing, has no such section', () => {
  expect(shortfallLines(nothing)).toEqual([]);
  expect(shortfallLines({ ...nothing, played: new Map([['1x50-u2', [packets(3, 10)]]]) })).toEqual([]);
});

test('a packet that costs too much is told beside the aim, the floor and the parts of the profile', () => {
  const played = new Map([['1x50-u2', [packets(12, 20)]]]);
  const text = textOf({ played, floors: [floor(9)], profiles: { ours: profile } });
  expect(text).toContain('found 0.60; the aim of 0.35 is 7.0 of rtcd’s 20.0, and we have 12.0.');
  expect(text).toContain(
    'The bare media worker alone costs 9.0: more than the aim, whatever server is around it.',
  );
  expect(text).toContain('Our 12.0 under perf(1) were 6.0 kernel.');
});

test('where the bare worker is below the aim, the rest is not put on it', () => {
  const played = new Map([['1x50-u2', [packets(12, 20)]]]);
  const text = textOf({ played, floors: [floor(5)], profiles: { ours: profile } });
  expect(text).toContain('costs 5.0: the rest is ours to save.');
});

test('a load without a profile of its own is not explained by that of another', () => {
  const played = new Map([['50x2-u2', [packets(12, 20)]]]);
  const text = textOf({ played, floors: [floor(9)], profiles: { ours: profile } });
  expect(text).toContain('goes out once here');
  expect(text).toContain('No profile was taken under this load');
  expect(text).not.toContain('bare media worker');
});

test('memory is told with what is there before the first join, and what the aim leaves for a session', () => {
  const memory = (before: number, during: number) => ({
    before: before * mebibyte,
    during: during * mebibyte,
    after: 0,
  });
  const round = { ours: result({ memory: memory(90, 140) }), rtcd: result({ memory: memory(20, 150) }) };
  const text = textOf({ played: new Map([['20x10-u1', [round]]]) });
  expect(text).toContain('Before the first join we have 90, rtcd 20.');
  expect(text).toContain('the aim leaves 0.15 for each of 200 sessions; they take 0.25.');
});

test('the delay at half of saturation is told round by round, with the load of each server', () => {
  const at = (delay: number, most: number): RunResult =>
    result({ figures: { halfSaturationDelayP99Ms: delay, saturationPacketsPerSecond: most } });
  const rounds = [
    { ours: at(50, 3000), rtcd: at(10, 400) },
    { ours: at(5, 3000), rtcd: at(10, 400) },
  ];
  const text = textOf({ played: new Map([['saturation', rounds]]) });
  expect(text).toContain('ours at 1500 packets a second, rtcd at 200. Ratios of single rounds: 5.00, 0.50.');
});
