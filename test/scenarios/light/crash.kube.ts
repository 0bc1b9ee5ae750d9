/** One story on light nodes and fake SFUs before a real API server; the operator is a process that dies again and again. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storyNamed } from '../sim/stories.ts';
import { openGround } from './ground.ts';
import { clean, playLight } from './play.ts';

let ground: Awaited<ReturnType<typeof openGround>>;
beforeAll(async () => {
  ground = await openGround();
}, 120_000);
afterAll(() => ground.close(), 30_000);

test('a scale-down goes on although the operator is killed after every single write, and no call is dropped (light nodes)', async () => {
  const story = storyNamed('scale down');
  const outcome = await playLight(ground, { story, name: 'dies', lane: 0, faultAt: () => 'crash' });
  expect(outcome).toMatchObject(clean);
  expect(outcome.callsStarted).toBeGreaterThan(story.replicas);
  expect(outcome.writes).toBeGreaterThan(2);
}, 120_000);
