import { expect, test } from '@jest/globals';

import { createBoundedLog, windowMs } from '../../../sfu/ops/boundedLog.ts';

test('lines of one kind are written once in a while, with the number left out', () => {
  let now = 0;
  const log = createBoundedLog({ intervalMs: 1_000, nowMs: () => now });
  const written: unknown[] = [];
  const say = (kind: string): void => log.say(kind, (more) => written.push([kind, more]));
  for (const kind of ['a', 'a', 'b', 'a']) say(kind);
  now = 1_000;
  say('a');
  expect(written).toEqual([
    ['a', {}],
    ['b', {}],
    ['a', { leftOut: 2 }],
  ]);
});

test('a kind may have more lines than one', () => {
  const log = createBoundedLog({ nowMs: () => 0 });
  let lines = 0;
  for (let count = 0; count < 5_000; count += 1) log.say('Closed session', () => (lines += 1), 2_000);
  expect(lines).toBe(2_000);
});

test('a flood of kinds is neither remembered for ever nor written', () => {
  const log = createBoundedLog({ nowMs: () => 0 });
  let lines = 0;
  for (let kind = 0; kind < 5_000; kind += 1) log.say(`${kind}`, () => (lines += 1));
  expect(lines).toBe(1_001);
});

test('what was left out is told once, when the window is over, whoever speaks next; then there is room again', () => {
  let now = 0;
  const told: unknown[] = [];
  const log = createBoundedLog({ nowMs: () => now, tell: (kind, leftOut) => told.push([kind, leftOut]) });
  const say = (kind: string): boolean => {
    let isWritten = false;
    log.say(kind, (more) => (isWritten = Object.keys(more).length === 0));
    return isWritten;
  };
  for (let count = 0; count < 5; count += 1) say('Ignored message');
  now = windowMs - 1;
  expect([say('Closed session'), told]).toEqual([true, []]);
  now = windowMs;
  expect([say('Closed session'), told]).toEqual([true, [['Ignored message', 4]]]);
  expect([say('Ignored message'), told.length]).toEqual([true, 1]);
});
