/** `kubectl drain` of a node with a coturn that clients have allocations on, on a real cluster with real coturns. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MemberStatus } from '../../operator/api/rtccluster.ts';
import { coturnImage } from '../setup/coturn.ts';
import { openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import { TurnClients } from './stage/turnClients.ts';
import { applyTurnServer, turnStageOf, type TurnStage } from './stage/turnStage.ts';

let stage: FleetStage;
let turn: TurnStage;
let clients: TurnClients;
let leaving: MemberStatus;
let drained: Promise<string> = Promise.resolve('');

beforeAll(async () => {
  const coturn = await coturnImage(() => undefined);
  stage = await openFleetStage({
    nodes: 3,
    published: 1,
    spec: { replicas: 1, turn: { turnServerName: 'edge' } },
    archives: [coturn.tar],
    before: (cluster) => applyTurnServer(cluster, { image: coturn.ref }),
  });
  turn = turnStageOf(stage.cluster);
  await turn.untilOnlyPublished(2);
  clients = new TurnClients({ addresses: () => turn.addresses(), turn: () => stage.turn() });
}, 500_000);
afterAll(async () => {
  await clients.end();
  await drained.catch(() => undefined);
  await stage.stop();
}, 120_000);

/** On a node that has no SFU: this story is not about calls. */
async function withoutSfu(): Promise<MemberStatus> {
  const taken = ((await stage.status()).members ?? []).map(({ node }) => node);
  const { members = [] } = await turn.status();
  return members.find(({ node }) => !taken.includes(node))!;
}

test('another coturn is there before clients are sent to one less, and the allocations on the node go on', async () => {
  await clients.go(3);
  leaving = await withoutSfu();
  const flags = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=400s'];
  drained = stage.cluster.kubectl('drain', leaving.node ?? '', ...flags);
  drained.catch(() => undefined); // Looked at in the next test.
  let least = 2;
  await turn.until(({ members = [], publishedPods = 0 }) => {
    least = Math.min(least, publishedPods);
    const mine = members.find(({ name }) => name === leaving.name);
    return mine?.state === 'Draining' ? undefined : `${leaving.name} does not leave: ${mine?.reason ?? ''}`;
  });
  expect(least).toBe(2);
  // Its coturn refuses new allocations from now on, and keeps those that it has.
  await turn.until(({ members = [] }) =>
    members.find(({ name }) => name === leaving.name)?.reason === 'SessionsUnknown'
      ? undefined
      : 'it does not wait for its allocations',
  );
  await clients.go(5);
  expect(clients.refused).toEqual([]);
}, 400_000);

test('when the last allocation has ended the pod goes, and kubectl drain ends well', async () => {
  await clients.leave(leaving.address ?? '');
  await drained;
  await turn.untilOnlyPublished(2);
  const { members = [] } = await turn.status();
  expect(members.map(({ node }) => node)).not.toContain(leaving.node);
  await clients.go(3);
  expect(clients.refused).toEqual([]);
}, 500_000);
