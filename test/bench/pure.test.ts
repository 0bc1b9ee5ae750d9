/** The parts of the benchmark that decide what its figures mean. */
import { expect, test } from '@jest/globals';

import { bars, verdictOf } from './bars.ts';
import { measureOf, ratioOf, type Round } from './measures.ts';
import { pageWith } from './page.ts';
import { pictureOf } from './picture.ts';
import { readMeasured } from './onGenerator.ts';
import { hasTime, reasonOf } from './play.ts';
import { partsOf } from './profile/shares.ts';
import { quotaWrites } from './quota.ts';
import { overloaded } from './ramp.ts';
import type { RunResult } from './run.ts';
import { forwardedPerSecond, scenarios } from './scenarios.ts';
import { ageMs, writeStamp } from './stamp.ts';
import { StreamTally } from './streamTally.ts';
import { medianOf, quantiles } from './summary.ts';
import { barTable, repeatLines, scenarioTable, workLine } from './tables.ts';

const scenario = (name: string) => scenarios.find((one) => one.name === name)!;

test('each packet of a speaker goes to everybody else in the call', () => {
  expect(forwardedPerSecond(scenario('1x50-u2'))).toBe(2 * 50 * 49);
  expect(forwardedPerSecond(scenario('50x2-u2'))).toBe(50 * 2 * 50);
});

test('the age of a packet is told by the end of its payload', () => {
  const packet = Buffer.alloc(30);
  writeStamp(packet.subarray(12), 1_000_000n);
  expect(ageMs(packet, 3_500_000n)).toBe(2.5);
});

test('a stream counts what came since it was opened, and what is missing in between', () => {
  const stream = new StreamTally();
  for (const number of [65_533, 65_534]) stream.take(number);
  stream.open();
  for (const number of [65_535, 0, 3, 2]) stream.take(number);
  expect(stream.read()).toEqual({ packets: 4, lost: 1 });
});

test('a packet from before the window that comes late is not of the window', () => {
  const stream = new StreamTally();
  stream.take(10);
  stream.open();
  for (const number of [12, 11, 13]) stream.take(number);
  expect(stream.read()).toEqual({ packets: 2, lost: 0 });
});

test('a stream that never came has nothing to lose', () => {
  expect(new StreamTally().read()).toEqual({ packets: 0, lost: 0 });
});

test('a quantile is a value that was there', () => {
  expect(quantiles([4, 1, 3, 2], [0, 0.5, 0.75, 1])).toEqual([1, 2, 3, 4]);
});

test('the median of an even count lies between the middle two', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  expect(medianOf([3, 1, 2])).toBe(2);
});

const result = (changes: Partial<RunResult>): RunResult => ({
  windowSeconds: 10,
  sessions: 100,
  forwarded: 1000,
  lost: 0,
  expected: 1000,
  cpuMs: 20,
  cpuPerPacketUs: 20,
  delayMs: { p50: 1, p95: 2, p99: 3 },
  joinMs: { p50: NaN, p99: NaN, joins: 0 },
  memory: { before: 0, during: 100 * 2 ** 20, after: 0 },
  generatorLoad: 0.2,
  refusals: 0,
  rejoins: 0,
  figures: {},
  ...changes,
});
const round = (ours: number, rtcd: number): Round => ({
  ours: result({ cpuPerPacketUs: ours }),
  rtcd: result({ cpuPerPacketUs: rtcd, lost: 1 }),
});

test('the ratio is that of the rounds, not that of the medians', () => {
  expect(ratioOf([round(10, 20), round(30, 40), round(10, 100)], measureOf('cpuPerPacketUs'))).toBe(0.5);
});

test('a ratio reaches the aim, the must, or neither', () => {
  const [first] = bars;
  expect([0.3, 0.5, 0.7, NaN].map((ratio) => verdictOf(first!, ratio))).toEqual([
    'aim reached',
    'must reached',
    'missed',
    'missed',
  ]);
});

test('a bar whose scenario was not played says so', () => {
  const played = new Map([['1x50-u2', [round(10, 20)]]]);
  expect(barTable(played)).toContain('| ours ÷ rtcd | 1x50-u2 | **0.50** | 0.6 | 0.35 | must reached |');
  expect(barTable(played)).toContain(
    '| CPU of a packet, 50 calls of two | ours ÷ rtcd | 50x2-u2 |  | 0.6 | 0.35 | not played |',
  );
});

test('every bar is about a scenario that there is', () => {
  const names = scenarios.map(({ name }) => name);
  expect(bars.map((bar) => bar.scenario).filter((name) => !names.includes(name))).toEqual([]);
});

test('what nobody measured is a dash, and the work is told', () => {
  expect(scenarioTable([round(10, 20)])).toContain(
    '| ours | 10.0 | 0.002 | 1.00 | 100 | 0 | 1.0 | 3.0 | – | – |',
  );
  expect(workLine([round(10, 20)])).toBe(
    '1 rounds: ours 1000 of 1000 packets, 0 lost, 0 unmutings and 0 joins repeated; rtcd 1000 of 1000 packets, 1 lost, 0 unmutings and 0 joins repeated. The generator used at most 20 % of its core.',
  );
});

test('what only one scenario measures, and only one server has, is a row of its own', () => {
  const ours = result({ figures: { joinP50Ms: 30, eventLoopP99Ms: 4 } });
  const rtcd = result({ figures: { joinP50Ms: 60 } });
  const text = scenarioTable([{ ours, rtcd }]);
  expect(text).toContain('| eventLoopP99Ms | 4.0 | – | – |');
});

test('runs that did not count are told by server and reason', () => {
  const missing = (count: number) => ({
    scenario: '50x2-u2',
    kind: 'rtcd' as const,
    reason: `${count} of 90 to hear somebody`,
  });
  expect(repeatLines([missing(1), missing(2)])).toEqual([
    '- 2 × rtcd, 50x2-u2: some of all to hear somebody',
  ]);
  expect(repeatLines([])).toEqual(['No run had to be played again.']);
});

test('no round begins that would not end in time if it took as long as the last, but one is always counted', () => {
  expect(hasTime([], 0)).toBe(true);
  expect(hasTime([100], 0)).toBe(true);
  expect(hasTime([100, 500, 50], 700)).toBe(true);
  expect(hasTime([100, 500, 50], 699)).toBe(false);
});

test('the reason of a failed run is its last error, without where in the code it was', () => {
  const text = 'env node ended with 1:\n\nfile:///x.ts:58\nError: 4 of 9 arrived\n    at run (x.ts:1)';
  expect(reasonOf(new Error(text))).toBe('4 of 9 arrived');
  expect(reasonOf(new Error('timed out'))).toBe('timed out');
});

test('a server is overloaded when it loses, comes late, or falls behind', () => {
  expect(overloaded(result({}), 100)).toBeUndefined();
  expect(overloaded(result({ lost: 2 }), 100)).toBe('2 packets lost');
  expect(overloaded(result({ delayMs: { p50: 1, p95: 2, p99: 51 } }), 100)).toBe('delay of 51 ms');
  expect(overloaded(result({}), 110)).toBe('packets come too late');
});

test('a quota is a share of each period, in the words of either layout', () => {
  expect(quotaWrites('v2', 0.5)).toMatchObject({ 'cpu.max': '50000 100000' });
  expect(quotaWrites('v1', 0.08)).toMatchObject({
    'cpu.cfs_period_us': '100000',
    'cpu.cfs_quota_us': '8000',
  });
});

test('what people wrote around the drawn part stays', () => {
  const page = 'above\n<!-- bench: drawn by `make bench` -->\nformer figures\n<!-- /bench -->\nbelow\n';
  const none = {
    played: new Map<string, Round[]>(),
    repeats: [],
    failed: [],
    suites: {},
    floors: [],
    profiles: {},
  };
  const source = { commit: 'abc', date: '2026-01-02T03:04:05Z', machine: 'm' };
  const drawn = pageWith(page, { ...none, played: new Map([['1x50-u2', [round(10, 20)]]]) }, source);
  expect(drawn).toMatch(/^above\n/);
  expect(drawn).toMatch(/\nbelow\n$/);
  expect(drawn).not.toContain('former figures');
  expect(() => pageWith('none', none, source)).toThrow('lacks the marks');
});

test('the page tells suites, the floor beside both servers, and what is not known', () => {
  const page = '<!-- bench: drawn by `make bench` --><!-- /bench -->';
  const floors = [{ suite: 'S', results: [{ forwarded: 1, expected: 1, cpuPerPacketUs: 5 }] }];
  const suites = { ours: { generator: 'S', chromium: 'T' } };
  const profiles = {
    ours: { scenario: '1x50-u2', cpuPerPacketUs: 12, parts: [{ name: 'a part', share: 0.25 }] },
  };
  const played = new Map([['1x50-u2', [round(10, 20)]]]);
  const bench = { repeats: [], failed: [], suites, floors, profiles, played };
  const drawn = pageWith(page, bench, { commit: 'abc', date: '2026-01-02T03:04:05Z', machine: 'm' });
  expect(drawn).toContain('| ours | S | T |');
  expect(drawn).toContain('| rtcd | not measured | not measured |');
  expect(drawn).toContain('| bare media worker, S | 5.0 |\n| our server | 10.0 |\n| rtcd | 20.0 |');
  expect(drawn).toContain('| ours | a part | 25 % | 3.0 |');
});

test('what perf saw is told by parts: the media worker’s libraries, the kernel, the server’s process as a whole', () => {
  const report = [
    '# Overhead  Command          Shared Object',
    '    20.00%  mediasoup-worke  [kernel.kallsyms]',
    '    15.00%  mediasoup-worke  mediasoup-worker',
    '     4.00%  mediasoup-worke  libcrypto.so.3',
    '     1.00%  mediasoup-worke  libssl.so.3',
    '     2.00%  node             [kernel.kallsyms]',
    '     6.00%  node-V8Worker    node',
    '     2.00%  mediasoup-worke  libuv.so.1.0.0',
  ].join('\n');
  expect(
    partsOf('ours', report).map(({ name, share }) => [name.split(/[ :,]/)[0], share.toFixed(2)]),
  ).toEqual([
    ['kernel', '0.40'],
    ['media', '0.30'],
    ['server’s', '0.16'],
    ['OpenSSL', '0.10'],
    ['libraries', '0.04'],
  ]);
});

test('the picture has a bar for each server of a scenario that forwards something', () => {
  const idle: Round = { ours: result({ cpuPerPacketUs: NaN }), rtcd: result({ cpuPerPacketUs: NaN }) };
  const svg = pictureOf(
    new Map([
      ['1x50-u2', [round(10, 20)]],
      ['idle', [idle]],
    ]),
  );
  expect(svg.match(/<rect/g)).toHaveLength(3); // The paper is one.
  expect(svg).toContain('>1x50-u2<');
  expect(svg).not.toContain('>idle<');
});

test('what a run did not measure is a dash also after its way through JSON', () => {
  const idle = result({ cpuPerPacketUs: Infinity, delayMs: { p50: NaN, p95: NaN, p99: NaN } });
  const read = readMeasured(JSON.stringify(idle)) as RunResult;
  expect(read.cpuPerPacketUs).toBeNaN();
  expect(scenarioTable([{ ours: read, rtcd: read }])).toContain(
    '| ours | – | 0.002 | 1.00 | 100 | 0 | – | – | – | – |',
  );
});
