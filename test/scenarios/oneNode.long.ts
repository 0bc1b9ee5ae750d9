/** An update on a cluster of one real node: no second pod can exist, and still no call is cut; bots are the witnesses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RtcClusterStatus } from '../../operator/api/rtccluster.ts';
import { openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
const talks: Talk[] = [];

beforeAll(async () => {
  stage = await openFleetStage({ nodes: 1, published: 1, spec: { replicas: 1 } });
  talks.push(await stage.talk('first'));
}, 300_000);
afterAll(async () => {
  talks.forEach((talk) => talk.end());
  await stage.stop();
}, 120_000);

/** Waits until Progressing has this reason. */
const untilProgressing = (reason: string): Promise<void> =>
  stage.until(({ conditions = [] }) => {
    const found = conditions.find(({ type }) => type === 'Progressing');
    return found?.reason === reason
      ? undefined
      : `Progressing is ${found?.reason ?? ''}: ${found?.message ?? ''}`;
  });

const isUpdated = ({ currentRevision, updateRevision, updatedPods }: Partial<RtcClusterStatus>): boolean =>
  currentRevision === updateRevision && updatedPods === 1;

test('the pod stays in DNS and its call goes on, also when the operator crashes; the condition says what is waited for', async () => {
  await stage.patch({ podMetadata: { labels: { version: '2' } } });
  await untilProgressing('WaitingForNoSessions');
  await stage.killOperator();
  await untilProgressing('WaitingForNoSessions');
  await stage.untilOnlyPublished(1);
  expect((await stage.nobodyWasDropped(talks)).lost).toBe(0);
}, 300_000);

test('when its last call has ended the pod is replaced on the same address, and takes calls', async () => {
  const [address] = (await stage.status()).members?.map((member) => member.address) ?? [];
  talks.splice(0).forEach((talk) => talk.end());
  await stage.until((status) => (isUpdated(status) ? undefined : 'the new revision is not all there'));
  await stage.untilOnlyPublished(1);
  expect((await stage.status()).members?.map((member) => member.address)).toEqual([address]);
  await stage.untilHosts(1);
  const next = await stage.talk('second');
  talks.push(next);
  expect((await stage.nobodyWasDropped(talks)).lost).toBe(0);
  await stage.keepFigures('oneNode');
}, 300_000);

test('an image that cannot be had is taken back by itself', async () => {
  talks.splice(0).forEach((talk) => talk.end());
  await stage.patch({ engine: { image: 'localhost/no-such-image:1' } });
  await untilProgressing('RolledBack');
  await stage.untilOnlyPublished(1);
}, 300_000);
