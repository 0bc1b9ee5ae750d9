/**
 * From the previous version to this one and back on real nodes, by helm 3 and then helm 4, while people talk: each version's
 * own operator from its own chart. No pod of the data plane may change, and nobody may notice.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { openFleetStage, type FleetStage } from '../scenarios/stage/fleetStage.ts';
import { nextImage } from '../scenarios/stage/nextImage.ts';
import type { Talk } from '../scenarios/stage/talk.ts';
import { buildImages } from '../setup/images.ts';
import { eventually } from '../support/eventually.ts';
import { imageValues, releaseNamespace } from '../support/release.ts';
import { previousOperatorImage } from './previous/image.ts';
import { previousChart } from './previous/previous.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const place = ['rtc-operator', '--namespace', releaseNamespace, '--wait', '--timeout', '120s'];
let stage: FleetStage;
let newer: string[];
const talks: Talk[] = [];

beforeAll(async () => {
  const images = await buildImages({ say: () => undefined });
  const [operator, sfu] = [await previousOperatorImage(), await nextImage(images.sfu)];
  newer = ['--set', imageValues({ operator: images.operator.ref, sfu: sfu.ref }).join(',')];
  const older = ['--set', imageValues({ operator: operator.ref, sfu: images.sfu.ref }).join(',')];
  stage = await openFleetStage({
    ...{ nodes: 2, published: 2, spec: { replicas: 2 }, archives: [operator.tar, sfu.tar] },
    install: async (cluster) => {
      const [name = '', ...where] = place;
      await cluster.helm(3, 'install', name, previousChart, ...where, '--create-namespace', ...older);
    },
  });
}, 400_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await stage.stop();
}, 60_000);

/** What a restart or a replacement would change. */
async function pods(): Promise<unknown> {
  const selector = ['--selector', 'rtc.progressnet.gr/role=sfu', '-o', 'json'];
  const { items } = JSON.parse(await stage.cluster.kubectl('get', 'pods', ...selector)) as {
    items: {
      metadata: { uid: string };
      status: { containerStatuses: { containerID: string; restartCount: number }[] };
    }[];
  };
  return items.map(({ metadata: { uid }, status }) => ({
    uid,
    containers: status.containerStatuses.map(({ containerID, restartCount }) => ({
      containerID,
      restartCount,
    })),
  }));
}

/** Said by an operator whose default image differs from that of the pods, or is theirs again. */
const untilImageCurrent = (wanted: 'True' | 'False'): Promise<void> =>
  stage.until(({ conditions = [] }) => {
    const found = conditions.find(({ type }) => type === 'ImageCurrent')?.status;
    return found === wanted ? undefined : `ImageCurrent is ${found ?? 'not said'}`;
  });

async function nobodyNoticed(before: unknown): Promise<void> {
  await stage.untilOnlyPublished(2);
  expect(await pods()).toEqual(before);
  for (const talk of talks) await talk.goesOn();
  await stage.nobodyWasDropped(talks);
}

test('an upgrade, a rollback and another upgrade leave pods and calls as they are', async () => {
  const { cluster } = stage;
  const [name = '', ...where] = place;
  for (const call of ['one', 'two']) talks.push(await stage.talk(call));
  const before = await pods();
  await cluster.helm(3, 'upgrade', name, chart, ...where, ...newer);
  await untilImageCurrent('False');
  await nobodyNoticed(before);
  await cluster.helm(3, 'rollback', name, '1', ...where);
  await untilImageCurrent('True');
  await nobodyNoticed(before);
  await cluster.helm(4, 'upgrade', name, chart, ...where, ...newer);
  await untilImageCurrent('False');
  await nobodyNoticed(before);
  // The pods of both calls can be called, too: an installation that was upgraded is tested as a new one is.
  await eventually(async () => {
    const told = await cluster.helm(4, 'test', name, '--namespace', releaseNamespace, '--logs');
    return told.includes('1 RTCCluster tried: all is well.') ? undefined : told;
  });
  await nobodyNoticed(before);
}, 400_000);
