/**
 * Every story on light nodes and fake SFUs before a real API server, once for each of the operator's writes: it is
 * killed right after that write, or never hears the answer to it. Mattermost is the witness of dropped calls.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keepFigures } from '../../support/keepFigures.ts';
import { stories, type Story, type WriteFault } from '../sim/stories.ts';
import { openGround } from './ground.ts';
import { playAll } from './lanes.ts';
import { clean, sumsOf, verdictOf, type Outcome } from './play.ts';

let ground: Awaited<ReturnType<typeof openGround>>;
beforeAll(async () => {
  ground = await openGround();
}, 120_000);
afterAll(() => ground.close(), 60_000);

/** A crash may make writes that nobody makes without it. */
const moreWrites = 2;

async function writesOf(story: Story): Promise<number> {
  const [outcome] = await playAll(ground, [
    { story, words: `${story.name} alone`, faultAt: () => undefined },
  ]);
  expect(outcome).toMatchObject(clean);
  return outcome?.writes ?? 0;
}

describe.each(stories)('a fleet in the midst of a $name', (story) => {
  const played: Outcome[] = [];
  let writes = 0;
  beforeAll(async () => {
    writes = await writesOf(story);
  }, 300_000);

  test.each<WriteFault>(['crash', 'lostAnswer'])(
    'goes on after a fault at each single write, and no call is dropped (%s, light nodes)',
    async (fault) => {
      expect(writes).toBeGreaterThan(1);
      const points = Array.from({ length: writes + moreWrites }, (_, index) => index + 1);
      const outcomes = await playAll(
        ground,
        points.map((point) => ({
          story,
          words: `${story.name} ${fault} ${point}`,
          faultAt: (write) => (write === point ? fault : undefined),
        })),
      );
      played.push(...outcomes);
      expect(outcomes.map(verdictOf)).toEqual(points.map(() => clean));
    },
    1_800_000,
  );

  test('and that is kept as figures', async () => {
    expect(played).toHaveLength(2 * (writes + moreWrites));
    const figures = sumsOf(played);
    expect(figures).toMatchObject({ callsDropped: 0, violations: 0 });
    const name = `light-crash-${story.name.replaceAll(' ', '-')}`;
    await keepFigures(name, figures, `long test/scenarios/light/crash.long.ts -t '${story.name}'`);
  });
});
