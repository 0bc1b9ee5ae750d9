/** What a thousand RTCClusters with their children cost: requests to the API server, memory, and time to notice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { isWrite } from '../../cluster/apiCall.ts';
import { differences } from '../../scenarios/light/differences.ts';
import { eventually } from '../../support/eventually.ts';
import { CostStage, memoryLimitMiB, namespace, patience } from './costStage.ts';
import { wayToFirstPod } from './firstPod.ts';
import { costFigures } from './keepCosts.ts';

const [many, podsEach] = [1_000, 1];
let stage: CostStage;
const keep = costFigures(
  { name: 'operator-costs-thousand', test: 'thousand' },
  { clusters: many, pods: many * podsEach },
);

beforeAll(async () => {
  stage = await CostStage.openIdle({ nodes: many * podsEach });
}, 600_000);
afterAll(() => stage.close(), 120_000);

test('a thousand clusters come up', async () => {
  const startedMs = performance.now();
  await stage.create({ from: 0, to: many, replicas: podsEach });
  await stage.untilReady();
  const readySeconds = Math.round((performance.now() - startedMs) / 1000);
  await stage.untilQuiet(20_000);
  const { now } = await stage.residentMiB();
  await keep({ readySeconds, children: await stage.children(), rssMiBAfterTheyWereMade: now });
}, 1_800_000);

test('with a thousand clusters the first pod of one more takes as few requests', async () => {
  const { requests, ms } = await wayToFirstPod(stage, many, podsEach);
  expect(requests).toBeLessThanOrEqual(20);
  await keep({ firstPodMsWithAThousand: Math.round(ms) });
  const key = { namespace, name: `calls-${many}` };
  const { uid = '' } = (await stage.kube.get(resources.rtcclusters, key)).metadata;
  await stage.kube.delete(resources.rtcclusters, key, { uid });
  await stage.untilQuiet(20_000);
}, 300_000);

test('an operator that starts with them only reads', async () => {
  await stage.untilQuiet();
  const settled = await stage.statuses();
  await stage.operator.stop();
  stage.proxy.forget();
  const startedMs = performance.now();
  await stage.start();
  await eventually(
    async () => {
      const count = await stage.reconciles();
      return count >= many ? undefined : `${count} of ${many} were reconciled`;
    },
    { ...patience, intervalMs: 50 },
  );
  const startSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const startRequests = stage.proxy.calls().length;
  await stage.untilQuiet(20_000);
  expect(differences(settled, await stage.statuses())).toEqual([]);
  expect(stage.proxy.calls().filter(isWrite)).toEqual([]);
  const { now, peak } = await stage.residentMiB();
  await keep({ startSeconds, startRequests, startWrites: 0, rssMiB: now, peakRssMiB: peak });
  expect(now).toBeLessThan(memoryLimitMiB);
}, 900_000);
