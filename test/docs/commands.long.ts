/** What the other pages tell to type, on a real API server with the operator. Nodes and SFUs are faked. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiItems, type ApiStage, startApiStage } from './harness/apiStage.ts';
import { frontDoor } from './harness/frontDoor.ts';
import { commandPages } from './harness/pages.ts';

let stage: ApiStage;
beforeAll(async () => {
  stage = await startApiStage();
}, 120_000);
afterAll(() => stage.close(), 30_000);

const others = commandPages.filter((page) => !frontDoor.includes(page.path) && apiItems(page).length > 0);

test.each(others.map((page) => [page.path, page] as const))(
  'what %s tells to type works',
  async (_, page) => {
    expect(await stage.play(page)).toEqual([]);
  },
  120_000,
);
