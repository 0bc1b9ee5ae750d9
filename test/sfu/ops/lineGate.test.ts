import { expect, test } from '@jest/globals';

import { LineGate, windowMs } from '../../../sfu/ops/lineGate.ts';

const [debug, info, warn] = [20, 30, 40];

function written(gate: LineGate, text: string, level: number): number {
  return Array.from({ length: 5_000 }, () => gate.judge(text, level, 0)).filter(({ isWritten }) => isWritten)
    .length;
}

test('of what goes wrong fewer lines are taken than of what happens', () => {
  const gate = new LineGate();
  expect([written(gate, 'a', debug), written(gate, 'b', info), written(gate, 'c', warn)]).toEqual([
    500, 2_000, 200,
  ]);
});

test('what was left out is told once, when the window is over, and the next has room again', () => {
  const gate = new LineGate();
  written(gate, 'Ignored message', warn);
  expect(gate.judge('Closed session', info, windowMs - 1)).toEqual({ isWritten: true, leftOut: [] });
  const leftOut = [{ text: 'Ignored message', lines: 4_800 }];
  expect(gate.judge('Ignored message', warn, windowMs)).toEqual({ isWritten: true, leftOut });
  expect(gate.judge('Ignored message', warn, windowMs)).toEqual({ isWritten: true, leftOut: [] });
});

test('a text that is made of values costs no more than the others', () => {
  const gate = new LineGate();
  const all = Array.from({ length: 5_000 }, (_, index) => gate.judge(`text ${index}`, warn, 0));
  expect(all.filter(({ isWritten }) => isWritten)).toHaveLength(1_200);
});
