import { describe, expect, test } from '@jest/globals';

import { type Answer, grown, inTurn, noted } from '../../../sfu/media/packetTally.ts';

const voice = (packets: number): Answer => ({ id: 'voice', direction: 'in', packets });
const copy = (packets: number): Answer => ({ id: 'copy', direction: 'out', packets });

describe('packets of a round', () => {
  test('the first answer of a track counts from 0', () => {
    expect(grown(new Map(), [voice(7), copy(3)])).toEqual({ in: 7, out: 3 });
  });

  test('later answers count by what they have more', () => {
    expect(grown(new Map([['voice', 7]]), [voice(10)])).toEqual({ in: 3, out: 0 });
  });

  test('a count that fell started anew, so it counts from 0', () => {
    expect(grown(new Map([['voice', 7]]), [voice(2)])).toEqual({ in: 2, out: 0 });
  });
});

describe('what is kept of a round', () => {
  test('tracks that are gone are forgotten, those that were not asked are kept', () => {
    const said = noted(
      new Map([
        ['gone', 1],
        ['voice', 7],
      ]),
      [copy(3)],
      [voice(0), copy(0)],
    );
    expect([...said]).toEqual([
      ['voice', 7],
      ['copy', 3],
    ]);
  });

  test('a track that answered waits behind those that did not', () => {
    const said = noted(
      new Map([
        ['voice', 7],
        ['copy', 3],
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
      ['copy', 3],
      ['gone', 1],
      ['voice', 7],
    ]),
  );
  expect(turns.map(({ id }) => id)).toEqual(['new', 'copy', 'voice']);
});
