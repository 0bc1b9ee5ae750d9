/**
 * A node with a call on it is cut off from the API server for six minutes, on a real cluster with real SFUs.
 * Kubernetes takes the node for lost; its media never stops. The bots are the witnesses.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { releaseNamespace } from '../support/release.ts';
import { memberOf, openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import type { Talk } from './stage/talk.ts';

const partitionMs = 6 * 60_000;
let stage: FleetStage;
const talks: Talk[] = [];
/** On a node without the operator, which is not to be cut off here. */
let talk: Talk;
let identity = '';

beforeAll(async () => {
  stage = await openFleetStage({ nodes: 3, published: 2, spec: { replicas: 2 } });
  for (const call of ['one', 'other']) talks.push(await stage.talk(call));
  const path = 'jsonpath={.items[0].spec.nodeName}';
  const operators = ['-n', releaseNamespace, '-l', 'app.kubernetes.io/name=rtc-operator', '-o', path];
  const operatorsNode = await stage.cluster.kubectl('get', 'pods', ...operators);
  talk = talks.find(({ place }) => place.node !== operatorsNode) ?? talks[0]!;
  identity = await identityOf(talk);
}, 300_000);
afterAll(async () => {
  talks.forEach((one) => one.end());
  await stage.stop();
}, 120_000);

/** Tells a pod from its successor, and a container from the next one in its place; empty when the pod is deleted. */
async function identityOf({ place }: Talk): Promise<string> {
  const path =
    'jsonpath={.metadata.deletionTimestamp} {.metadata.uid} {.status.containerStatuses[0].containerID}';
  return stage.cluster.kubectl('get', 'pod', place.pod ?? '', '-o', path, '--ignore-not-found');
}

test('another pod serves in its place at once, the lost one is kept, also by the next operator, and its call goes on for six minutes', async () => {
  const { node } = talk.place;
  await stage.cluster.cutOff(node ?? '', 'control-plane');
  const sinceMs = performance.now();
  await stage.until((status) => {
    const lost = memberOf(talk, status);
    if (lost?.reason !== 'NodeNotReady') return 'the node is not seen as lost';
    const serving = status.members?.filter(({ state }) => state === 'Published') ?? [];
    return serving.length === 2 ? undefined : 'nobody was put in its place';
  });
  await stage.killOperator();
  await eventually(
    async () => {
      await stage.nobodyWasDropped(talks);
      expect(await identityOf(talk)).toBe(identity);
      const leftMs = partitionMs - (performance.now() - sinceMs);
      return leftMs <= 0 ? undefined : `${Math.round(leftMs / 1000)} s are left`;
    },
    { timeoutMs: partitionMs + 60_000, intervalMs: 5_000 },
  );
}, 600_000);

test('back again it keeps its call, and the pod that stood in for it goes when it is one too many', async () => {
  await stage.cluster.reconnect(talk.place.node ?? '');
  await stage.untilOnlyPublished(2);
  expect(memberOf(talk, await stage.status())?.state).toBe('Published');
  expect(await identityOf(talk)).toBe(identity);
  expect((await stage.nobodyWasDropped(talks)).lost).toBe(0);
  await stage.keepFigures('partition');
}, 300_000);
