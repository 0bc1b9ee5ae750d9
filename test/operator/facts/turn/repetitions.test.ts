import { expect, test } from '@jest/globals';
import { repetitions } from '../../../../operator/facts/turn/repetitions.ts';

test('a datagram is sent again after half a second, and each time after twice as long, until the time is up', () => {
  expect(repetitions(5_000)).toEqual([500, 1_500, 3_500]);
  expect(repetitions(500)).toEqual([]);
});
