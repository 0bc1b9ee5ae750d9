import { expect, test } from '@jest/globals';
import { playOurs } from './board.ts';
import { traces } from './traces.ts';

test('at a constant load the number of pods does not change direction, and nobody is cut off', () => {
  const [steady] = traces(['steady']);
  expect(playOurs({ ...steady!, lengthMs: 3_600_000 })).toMatchObject({
    ...{ reversals: 0, droppedCalls: 0, overloadedMinutes: 0, callsWithoutRoom: 0 },
  });
});
