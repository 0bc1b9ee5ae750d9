import { expect, test } from '@jest/globals';

import { tooManyTracks } from '../../../../sfu/call/decide/readOffer.ts';
import { World } from './world.ts';

test('tracks beyond the limit of a session are not taken, with the reason, and counted; those before them are', () => {
  const world = new World().join('ann').open('ann');
  world.limits = { tracksPerSession: 2 };
  world.offer(
    'ann',
    [1, 2, 3, 4].map((mid) => ({ mid: `${mid}`, direction: 'sendonly', ssrc: mid, audioLevelID: 6 })),
  );
  expect(world.asked('produce').map(({ mid }) => mid)).toEqual(['1', '2']);
  expect(world.reasons().filter((reason) => reason === tooManyTracks)).toHaveLength(2);
  expect(world.effects.filter(({ type }) => type === 'limited')).toHaveLength(2);
});
