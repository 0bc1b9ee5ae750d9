/**
 * A day of a fleet on a real cluster with real SFUs: people come, a release is rolled out, people go. The operator is
 * killed in the middle of each; the bots are the witnesses.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memberOf, openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import { nextImage } from './stage/nextImage.ts';
import type { Talk } from './stage/talk.ts';
import { buildImages } from '../setup/images.ts';

/** Small numbers and short windows, so that a day fits into minutes. Two people fill a pod, so an update needs a node to spare. */
const spec = {
  scaling: {
    mode: 'Auto',
    ...{ minPods: 2, maxPods: 5, target: { sessionsPerPod: 2 }, headroom: { percent: 0, leadTime: 'Off' } },
    behavior: {
      ...{ tolerancePercent: 0, minPodAgeSeconds: 0 },
      scaleDown: {
        ...{ stabilizationSeconds: 20, confirmPeriods: 1, periodSeconds: 10 },
        ...{ maxPods: 4, maxPercent: 100 },
      },
    },
  },
  update: { canary: { pods: 1, bakeSeconds: 5 } },
  drain: { propagationSeconds: 25, sessionlessSeconds: 5 },
};
let stage: FleetStage;
let next: string;
const talks: Talk[] = [];
let count = 0;

beforeAll(async () => {
  const release = await nextImage((await buildImages({ say: () => undefined })).sfu);
  next = release.ref;
  stage = await openFleetStage({ nodes: 5, published: 2, spec, archives: [release.tar] });
}, 400_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await stage.stop();
}, 60_000);

async function talkMore(calls: number): Promise<void> {
  for (let index = 0; index < calls; index += 1) talks.push(await stage.talk(`call-${++count}`));
}

/** Its members say how much they heard, and goodbye. */
async function endTalk(talk: Talk): Promise<void> {
  await talk.heard();
  talk.end();
  talks.splice(talks.indexOf(talk), 1);
}

test('two pods become four as people come', async () => {
  await talkMore(4);
  await stage.until(({ desiredPods }) => (desiredPods === 4 ? undefined : `desired: ${desiredPods ?? 0}`));
  await stage.killOperator();
  await stage.untilOnlyPublished(4);
  expect((await stage.status()).scaling?.bindingTarget).toBe('sessionsPerPod');
  await stage.nobodyWasDropped(talks);
}, 300_000);

test('a release reaches every pod, each when its last call has ended', async () => {
  await stage.untilHosts(4);
  const { updateRevision: before } = await stage.status();
  await stage.patch({ engine: { image: next } });
  await stage.until(({ updateRevision }) =>
    updateRevision === before ? 'the release was not seen' : undefined,
  );
  let kills = 1;
  for (;;) {
    await stage.until(({ updatedPods, members = [] }) =>
      (updatedPods === 4 && members.length === 4) || members.some(({ reason }) => reason === 'SessionsActive')
        ? undefined
        : `updated: ${updatedPods ?? 0}, nobody waits for calls`,
    );
    const status = await stage.status();
    if (status.updatedPods === 4 && status.members?.length === 4) break;
    if (kills-- > 0) await stage.killOperator();
    await stage.nobodyWasDropped(talks);
    const leaving = talks.filter((talk) => memberOf(talk, status)?.state === 'Draining');
    for (const talk of leaving) await endTalk(talk);
    await talkMore(leaving.length);
  }
  await stage.untilOnlyPublished(4);
  await stage.nobodyWasDropped(talks);
}, 900_000);

test('four pods become two as people go, and those who stay notice nothing', async () => {
  for (const talk of talks.slice(1)) await endTalk(talk);
  await stage.until(({ desiredPods }) => (desiredPods === 2 ? undefined : `desired: ${desiredPods ?? 0}`));
  await stage.killOperator();
  await stage.untilOnlyPublished(2);
  await stage.nobodyWasDropped(talks);
  await stage.keepFigures('fleet');
}, 400_000);
