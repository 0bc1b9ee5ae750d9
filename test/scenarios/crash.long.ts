/** The operator is killed in the middle of what it does, on a real cluster with real SFUs; the bots are the witnesses. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openFleetStage, memberOf, type FleetStage } from './stage/fleetStage.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
const talks: Talk[] = [];

beforeAll(async () => {
  stage = await openFleetStage({ nodes: 3, published: 2, spec: { replicas: 2 } });
}, 300_000);
afterEach(() => talks.splice(0).forEach((talk) => talk.end()));
afterAll(() => stage.stop(), 60_000);

async function talkOn(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) talks.push(await stage.talk(`call-${index}`));
}

test('a scale-down is finished by its successor when the last call has ended, and no call notices', async () => {
  await talkOn(2);
  expect(new Set(talks.map(({ place }) => place.pod)).size).toBe(2);
  await stage.patch({ replicas: 1 });
  await stage.until(({ drainingPods }) => (drainingPods === 1 ? undefined : 'nobody drains'));
  await stage.killOperator();
  await stage.untilHosts(1);
  await stage.until(({ members = [] }) =>
    members.some(({ reason }) => reason === 'SessionsActive') ? undefined : 'nobody waits for calls',
  );
  const { lost } = await stage.nobodyWasDropped(talks);
  expect(lost).toBe(0);
  const status = await stage.status();
  talks.filter((talk) => memberOf(talk, status)?.state === 'Draining').forEach((talk) => talk.end());
  await stage.untilOnlyPublished(1);
}, 300_000);
