/** `kubectl drain` of a node with a call on it, on a real cluster with real SFUs; the bots are the witnesses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memberOf, openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
const talks: Talk[] = [];
let node = '';
let drained: Promise<string>;

beforeAll(async () => {
  stage = await openFleetStage({ nodes: 3, published: 2, spec: { replicas: 2 } });
  for (const call of ['one', 'other']) talks.push(await stage.talk(call));
  node = talks[0]?.place.node ?? '';
}, 300_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await drained.catch(() => undefined);
  await stage.stop();
}, 120_000);

test('the pod is replaced first, while its eviction is refused and its call goes on; a crash of the operator changes nothing', async () => {
  expect(new Set(talks.map(({ place }) => place.node)).size).toBe(2);
  const flags = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=240s'];
  drained = stage.cluster.kubectl('drain', node, ...flags);
  drained.catch(() => undefined); // Looked at in the next test.
  await stage.until(({ members = [] }) =>
    members.some(({ state, node: on }) => state === 'Published' && on !== node && on !== talks[1]?.place.node)
      ? undefined
      : 'nobody was put in its place',
  );
  await stage.killOperator();
  await stage.until(({ members = [] }) => {
    const leaving = members.find(({ node: on }) => on === node);
    return leaving?.reason === 'SessionsActive' ? undefined : 'the pod does not wait for its call';
  });
  expect((await stage.nobodyWasDropped(talks)).lost).toBe(0);
}, 300_000);

test('when its call has ended the pod goes, and kubectl drain ends well', async () => {
  const [leaving] = talks;
  leaving?.end();
  await drained;
  await stage.untilOnlyPublished(2);
  expect(memberOf(leaving!, await stage.status())).toBeUndefined();
  expect((await stage.nobodyWasDropped(talks.slice(1))).lost).toBe(0);
  await stage.keepFigures('nodeDrain');
}, 300_000);
