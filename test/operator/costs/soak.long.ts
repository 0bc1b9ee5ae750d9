/** Ten thousand reconciles of clusters that come, change and go: the operator holds no more afterwards than before. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { sideBySide } from '../../setup/sideBySide.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';
import { CostStage, namespace, patience } from './costStage.ts';
import { costFigures } from './keepCosts.ts';
import { inspectHeap, type InspectedHeap } from './heap.ts';
import { slopeOf, type Point } from './slope.ts';

const wanted = 10_000;
const clustersAtOnce = 50;
const keep = costFigures({ name: 'operator-costs-soak', test: 'soak' }, { clustersAtOnce });
const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
let stage: CostStage;
let heap: InspectedHeap;

beforeAll(async () => {
  stage = await CostStage.open({ nodes: 0 });
  const port = await freePort();
  await stage.start({ nodeFlags: [`--inspect=127.0.0.1:${port}`] });
  heap = await inspectHeap(port);
}, 120_000);
afterAll(async () => {
  heap.close();
  await stage.close();
}, 120_000);

async function clustersLeft(): Promise<string | undefined> {
  const { length } = Object.keys(await stage.statuses());
  return length === 0 ? undefined : `${length} clusters to be gone`;
}

/** Under names that no cluster ever had. */
async function comeAndGo(round: number): Promise<void> {
  const from = round * clustersAtOnce;
  await stage.create({ from, to: from + clustersAtOnce, replicas: 2 });
  await stage.untilQuiet(500);
  await sideBySide(Object.keys(await stage.statuses()), 20, async (name) => {
    const key = { namespace, name };
    const spec = { update: { progressDeadlineSeconds: 901 } };
    const { uid = '' } = (await stage.kube.mergePatch(resources.rtcclusters, key, { spec })).metadata;
    await stage.kube.delete(resources.rtcclusters, key, { uid });
  });
  await eventually(clustersLeft, patience);
  await stage.untilQuiet(1_000);
  stage.proxy.forget();
}

test('the heap does not grow with what was reconciled', async () => {
  const points: Point[] = [];
  for (let round = 0; (points.at(-1)?.x ?? 0) < wanted; round += 1) {
    await comeAndGo(round);
    points.push({ x: await stage.reconciles(), y: await heap.usedBytes() });
  }
  // What is filled once for all (code that is compiled, tables of bounded size) is filled by then.
  const settled = points.slice(Math.floor(points.length / 4));
  const bytesPerReconcile = Math.round(slopeOf(settled));
  const [first, last] = [settled[0]!, settled.at(-1)!];
  await keep({
    reconciles: last.x,
    rounds: points.length,
    heapMiBAfterAQuarter: mebibytes(first.y),
    heapMiBAtTheEnd: mebibytes(last.y),
    bytesPerReconcile,
    heapMiBByRound: points.map(({ y }) => mebibytes(y)),
  });
  expect(bytesPerReconcile).toBeLessThan(100);
}, 1_800_000);
