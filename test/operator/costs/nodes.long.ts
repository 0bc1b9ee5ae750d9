/** What the operator needs in a large cluster: a hundred RTCClusters of ten pods each, on a thousand nodes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isWrite } from '../../cluster/apiCall.ts';
import { CostStage } from './costStage.ts';
import { costFigures } from './keepCosts.ts';

const [clusters, podsEach] = [100, 10];
let stage: CostStage;
const keep = costFigures(
  { name: 'operator-costs-nodes', test: 'nodes' },
  { clusters, pods: clusters * podsEach, nodes: clusters * podsEach },
);

beforeAll(async () => {
  stage = await CostStage.open({ nodes: clusters * podsEach });
}, 300_000);
afterAll(() => stage.close(), 120_000);

test('a hundred clusters of ten pods come up on a thousand nodes', async () => {
  const startMsWithoutClusters = Math.round(await stage.start());
  const { now: rssMiBWithoutClusters } = await stage.residentMiB();
  await keep({ startMsWithoutClusters, rssMiBWithoutClusters });
  const startedMs = performance.now();
  await stage.create({ from: 0, to: clusters, replicas: podsEach });
  await stage.untilReady();
  const readySeconds = Math.round((performance.now() - startedMs) / 1000);
  await stage.untilQuiet();
  await keep({ readySeconds, rssMiBAfterTheyWereMade: (await stage.residentMiB()).now });
}, 1_200_000);

test('an operator that starts with them only reads, and stays small', async () => {
  await stage.operator.stop();
  stage.proxy.forget();
  const startMs = Math.round(await stage.start());
  await stage.untilQuiet(20_000);
  expect(stage.proxy.calls().filter(isWrite)).toEqual([]);
  const { now, peak } = await stage.residentMiB();
  await keep({ startMs, rssMiB: now, peakRssMiB: peak });
  expect(now).toBeLessThan(180);
}, 600_000);
