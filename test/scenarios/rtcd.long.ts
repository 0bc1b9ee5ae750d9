/** `engine.type: Rtcd`: the same resource runs the real rtcd on a real cluster; the bots are the witnesses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memberOf, openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import { ensureRtcdImage } from './stage/rtcdImage.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
const talks: Talk[] = [];

beforeAll(async () => {
  const rtcd = await ensureRtcdImage(() => undefined);
  stage = await openFleetStage({
    ...{ nodes: 2, published: 2, archives: [rtcd.tar] },
    spec: { replicas: 2, engine: { type: 'Rtcd', image: rtcd.ref }, drain: { propagationSeconds: 20 } },
  });
}, 400_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await stage.stop();
}, 60_000);

/** A stock rtcd tells the load of its machine, which two on one machine share: where a call goes is chance. */
async function talkOnBoth(): Promise<void> {
  const mostCalls = 12;
  while (new Set(talks.map(({ place }) => place.pod)).size < 2 && talks.length < mostCalls)
    talks.push(await stage.talk(`call-${talks.length + 1}`));
  expect(new Set(talks.map(({ place }) => place.pod)).size).toBe(2);
}

test('its pods are published once they know their clients, and say what an rtcd lacks', async () => {
  const { conditions = [] } = await stage.status();
  expect(conditions.find(({ type }) => type === 'EngineLimited')?.reason).toBe('StockRtcd');
  await talkOnBoth();
  const people = 2 * talks.length;
  await stage.until(({ sessions }) =>
    sessions?.current === people ? undefined : 'not all sessions are seen',
  );
}, 120_000);

test('a pod that is drained goes when its last call has ended, and nobody notices', async () => {
  await stage.patch({ replicas: 1 });
  await stage.until(({ members = [] }) =>
    members.some(({ reason }) => reason === 'SessionsActive') ? undefined : 'nobody waits for calls',
  );
  await stage.nobodyWasDropped(talks);
  const status = await stage.status();
  const leaving = talks.filter((talk) => memberOf(talk, status)?.state === 'Draining');
  expect(leaving.length).toBeGreaterThan(0);
  leaving.forEach((talk) => talk.end());
  await stage.untilOnlyPublished(1);
  await stage.nobodyWasDropped(talks.filter((talk) => !leaving.includes(talk)));
  await stage.keepFigures('rtcd');
}, 240_000);
