/** What changes cost, and what nothing costs: requests to the API server, reconciles, and time to notice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { medianOf } from '../../bench/summary.ts';
import { eventually } from '../../support/eventually.ts';
import { CostStage, namespace, patience } from './costStage.ts';
import { wayToFirstPod } from './firstPod.ts';
import { costFigures } from './keepCosts.ts';

const [clusters, podsEach, noOps] = [10, 2, 1_000];
let stage: CostStage;
const keep = costFigures(
  { name: 'operator-costs', test: 'changes' },
  { clusters, pods: clusters * podsEach },
);

beforeAll(async () => {
  stage = await CostStage.openIdle({ nodes: clusters * podsEach });
}, 600_000);
afterAll(() => stage.close(), 120_000);

const keyOf = (index: number): { readonly namespace: string; readonly name: string } => ({
  namespace,
  name: `calls-${index}`,
});

/** An edit that changes no pod. */
async function edit(index: number, seconds: number): Promise<void> {
  const spec = { update: { progressDeadlineSeconds: seconds } };
  await stage.kube.mergePatch(resources.rtcclusters, keyOf(index), { spec });
}

test('the first pod of a cluster is asked for after the few objects that it mounts', async () => {
  const ways = [];
  for (let index = 0; index < clusters; index += 1) {
    ways.push(await wayToFirstPod(stage, index, podsEach));
    await stage.untilQuiet(1_000);
  }
  const requests = ways.map((way) => way.requests);
  expect(Math.max(...requests)).toBeLessThanOrEqual(20);
  await keep({
    firstPodRequests: Math.max(...requests),
    firstPodMs: Math.round(medianOf(ways.map(({ ms }) => ms))),
  });
}, 300_000);

/** Numbers in a status wait for up to ten seconds after the last ones. */
const settledMs = 15_000;

/** An edit of a Service that changes nothing that was wanted. */
async function touchAll(round: string): Promise<void> {
  for (let index = 0; index < clusters; index += 1) {
    const key = { namespace, name: `calls-${index}-rtcd` };
    await stage.kube.mergePatch(resources.services, key, {
      metadata: { annotations: { 'example.com/seen': round } },
    });
  }
}

test('what needs no change costs no request', async () => {
  await stage.untilReady();
  await touchAll('all'); // The first ones have not seen yet which nodes the later ones took.
  await stage.untilQuiet(settledMs);
  const before = await stage.reconciles();
  stage.proxy.forget();
  const done = async (): Promise<number> => (await stage.reconciles()) - before;
  for (let round = 1; (await done()) < noOps; round += 1) {
    const so = await done();
    await touchAll(String(round));
    await eventually(async () => ((await done()) >= so + clusters ? undefined : 'the reconciles'), patience);
  }
  expect(stage.proxy.calls().filter(({ verb }) => verb !== 'watch')).toEqual([]);
  await keep({ noOpReconciles: await done(), noOpRequests: 0 });
}, 600_000);

test('for ten minutes in which nothing happens there is nothing but watches that begin again', async () => {
  await stage.untilQuiet(settledMs);
  stage.proxy.forget();
  const minutes = 10;
  const endMs = performance.now() + minutes * 60_000;
  await eventually(() => (performance.now() >= endMs ? undefined : 'ten minutes'), patience);
  const counts = stage.proxy.counts();
  expect(Object.keys(counts).filter((call) => !call.startsWith('watch '))).toEqual([]);
  const idleRequestsPerMinute = Object.fromEntries(
    Object.entries(counts).map(([call, count]) => [call, count / minutes]),
  );
  const editedMs = performance.now();
  await edit(1, 901);
  await eventually(
    async () => {
      const { metadata, status } = (await stage.kube.get(resources.rtcclusters, keyOf(1))) as unknown as {
        metadata: { generation: number };
        status: { observedGeneration: number };
      };
      return status.observedGeneration === metadata.generation ? undefined : 'the edit is not seen';
    },
    { timeoutMs: 20_000, intervalMs: 10 },
  );
  const editSeenAfterIdleMs = Math.round(performance.now() - editedMs);
  await keep({ idleMinutes: minutes, idleRequestsPerMinute, editSeenAfterIdleMs });
}, 900_000);
