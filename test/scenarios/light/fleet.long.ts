/** One fleet of a thousand pods on light nodes, with people in it: it comes up, grows, shrinks and begins a rollout. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { CostStage, namespace, patience } from '../../operator/costs/costStage.ts';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { startCrowd, type Crowd } from './crowd.ts';

const [first, all, fewer, renewed] = [900, 1_000, 980, 10];
const key = { namespace, name: 'calls-0' };
const figures: Record<string, number | Record<string, number>> = { pods: all, nodes: all + renewed };
let stage: CostStage;
let crowd: Crowd;

beforeAll(async () => {
  stage = await CostStage.open({ nodes: all + renewed });
  await stage.start();
}, 600_000);
afterAll(() => stage.close(), 120_000);

async function change(spec: object): Promise<void> {
  await stage.kube.mergePatch(resources.rtcclusters, key, { spec });
}

/** Until that many pods are in DNS, and no more are there; with the seconds that it took. */
async function untilPods(count: number): Promise<number> {
  const startedMs = performance.now();
  await eventually(async () => {
    const { items } = await stage.kube.list(resources.pods, { namespace, limit: 5_000 });
    const published = items.filter(isPublished).length;
    return published === count && items.length === count
      ? undefined
      : `${count} pods: ${items.length} are there, ${published} in DNS`;
  }, patience);
  return Math.round((performance.now() - startedMs) / 1000);
}

function isPublished({ metadata }: KubeObject): boolean {
  return metadata.labels?.['rtc.progressnet.gr/published'] === 'true';
}

/** What the operator asked for since the last time, by verb and kind; watches aside. */
function requests(): Record<string, number> {
  const counts = Object.entries(stage.proxy.counts()).filter(([call]) => !call.startsWith('watch '));
  stage.proxy.forget();
  return Object.fromEntries(counts);
}

test('nine hundred pods of one cluster come up, and people call', async () => {
  await stage.createOne(stage.kube, 0, first);
  figures['upSeconds'] = await untilPods(first);
  figures['upRequests'] = requests();
  figures['rssMiBAtNineHundred'] = (await stage.residentMiB()).now;
  crowd = startCrowd(stage.kube, stage.nodes, { namespace, callsPerSecond: 20, longestMs: 10_000 });
}, 1_500_000);

test('a hundred more come, and twenty go when their calls have ended', async () => {
  await change({ replicas: all, drain: { propagationSeconds: 5, sessionlessSeconds: 2 } });
  figures['growSeconds'] = await untilPods(all);
  figures['growRequests'] = requests();
  await change({ replicas: fewer });
  figures['shrinkSeconds'] = await untilPods(fewer);
  figures['shrinkRequests'] = requests();
}, 1_500_000);

test('a new image begins to replace them, and nobody is cut off', async () => {
  await change({ engine: { image: 'sfu:1.2.7' }, update: { canary: { bakeSeconds: 3 } } });
  await eventually(() => {
    const count = stage.nodes.sfus().filter(({ version }) => version === '1.2.7').length;
    return count >= renewed ? undefined : `${count} of ${renewed} pods of the new image`;
  }, patience);
  figures['rolloutRequests'] = requests();
  await crowd.stop();
  Object.assign(figures, { callsStarted: crowd.started(), sessionsDropped: stage.nodes.dropped() });
  expect(crowd.started()).toBeGreaterThan(1_000);
  expect(crowd.unserved()).toBe(0);
  expect(stage.nodes.dropped()).toBe(0);
  const { now, peak } = await stage.residentMiB();
  await keepFigures(
    'light-fleet-of-a-thousand',
    { ...figures, rssMiB: now, peakRssMiB: peak },
    'long -- test/scenarios/light/fleet',
  );
}, 1_500_000);
