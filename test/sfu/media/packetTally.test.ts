import { describe, expect, test } from '@jest/globals';

import {
  type Answer,
  egressBitsPerSecond,
  type Flow,
  grown,
  inTurn,
  noted,
} from '../../../sfu/media/packetTally.ts';

const flow = (packets: number): Flow => ({ packets, bitsPerSecond: 8 * packets });
const voice = (packets: number): Answer => ({ id: 'voice', direction: 'in', ...flow(packets) });
const copy = (packets: number): Answer => ({ id: 'copy', direction: 'out', ...flow(packets) });

describe('packets of a round', () => {
  test('the first answer of a track counts from 0', () => {
    expect(grown(new Map(), [voice(7), copy(3)])).toEqual({ in: 7, out: 3 });
  });

  test('later answers count by what they have more', () => {
    expect(grown(new Map([['voice', flow(7)]]), [voice(10)])).toEqual({ in: 3, out: 0 });
  });

  test('a count that fell started anew, so it counts from 0', () => {
    expect(grown(new Map([['voice', flow(7)]]), [voice(2)])).toEqual({ in: 2, out: 0 });
  });
});

describe('what is kept of a round', () => {
  test('tracks that are gone are forgotten, those that were not asked are kept', () => {
    const said = noted(
      new Map([
        ['gone', flow(1)],
        ['voice', flow(7)],
      ]),
      [copy(3)],
      [voice(0), copy(0)],
    );
    expect([...said]).toEqual([
      ['voice', flow(7)],
      ['copy', flow(3)],
    ]);
  });

  test('a track that answered waits behind those that did not', () => {
    const said = noted(
      new Map([
        ['voice', flow(7)],
        ['copy', flow(3)],
      ]),
      [voice(9)],
      [voice(0), copy(0)],
    );
    expect([...said.keys()]).toEqual(['copy', 'voice']);
  });
});

test('who was never asked comes first, then who was asked longest ago', () => {
  const open = [voice(0), copy(0), { id: 'new', direction: 'in' as const }];
  const turns = inTurn(
    open,
    new Map([
      ['copy', flow(3)],
      ['gone', flow(1)],
      ['voice', flow(7)],
    ]),
  );
  expect(turns.map(({ id }) => id)).toEqual(['new', 'copy', 'voice']);
});

test('what goes to clients is what the tracks that flow said last, and nothing of what comes in', () => {
  const said = new Map([
    ['voice', flow(7)],
    ['copy', flow(3)],
    ['muted', flow(5)],
  ]);
  expect(egressBitsPerSecond([voice(0), copy(0), { id: 'new', direction: 'out' }], said)).toBe(24);
});
