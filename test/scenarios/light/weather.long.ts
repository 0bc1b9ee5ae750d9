/** Every story on light nodes and fake SFUs before a real API server that the operator hardly reaches. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keepFigures } from '../../support/keepFigures.ts';
import { stories } from '../sim/stories.ts';
import { openGround } from './ground.ts';
import { playAll } from './lanes.ts';
import { clean, sumsOf, verdictOf, type Outcome } from './play.ts';
import { weathers } from './weather.ts';

let ground: Awaited<ReturnType<typeof openGround>>;
const played: Outcome[] = [];
beforeAll(async () => {
  ground = await openGround();
}, 120_000);
afterAll(() => ground.close(), 60_000);

test.each(weathers)(
  'each story ends as it should while $name, and no call is dropped (light nodes)',
  async ({ name, ...weather }) => {
    const outcomes = await playAll(
      ground,
      stories.map((story) => ({ story, words: `${story.name} ${name}`.slice(0, 60), ...weather })),
    );
    played.push(...outcomes);
    expect(outcomes.map(verdictOf)).toEqual(stories.map(() => clean));
  },
  1_200_000,
);

test('all of that is kept as figures', async () => {
  const figures = { stories: stories.length, weathers: weathers.length, ...sumsOf(played) };
  expect(figures).toMatchObject({ callsDropped: 0, violations: 0 });
  await keepFigures('light-weather', figures, 'long -- test/scenarios/light/weather');
});
