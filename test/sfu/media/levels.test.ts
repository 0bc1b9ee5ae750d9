import { expect, test } from '@jest/globals';

import { levelsByTrack } from '../../../sfu/media/levels.ts';

test('the levels of each track are kept in the order of its packets', () => {
  const volumes = [
    { producerID: 'a', dBov: -20 },
    { producerID: 'a', dBov: -127 },
    { producerID: 'b', dBov: -5 },
  ];
  expect(levelsByTrack(volumes)).toEqual([
    { producerID: 'a', levels: [20, 127] },
    { producerID: 'b', levels: [5] },
  ]);
});

test('a mean, which a worker without our patch gives, stands for every packet of its interval', () => {
  const volumes = ['a', 'b'].map((producerID) => ({ producerID, dBov: -30 }));
  const [first, second] = levelsByTrack(volumes);
  expect(first?.levels).toEqual(Array(13).fill(30));
  expect(second?.producerID).toBe('b');
});
