/** A scale-down while a rollout may not go on: the pod that is one too many is not taken for the rollout's own. */
import { expect, test } from '@jest/globals';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import { aPod, before, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

const records = [
  { revision: 'old', isCanaryPassed: true, provenMs: before(1e6) },
  { revision: 'new', isCanaryPassed: false },
];

/** The pods that leave, of one per revision given, where one is wanted. */
function leaving(update: object, revisions: readonly string[]): string[] {
  const cluster = aCluster({ replicas: 1, update });
  const pods = revisions.map((revision, index) =>
    aPod({ name: `${revision}-${index}`, revision, nodeName: `n${index}` }),
  );
  const { members } = decideFleet({ cluster, pods, revision: 'new', nowMs, records });
  return members.filter(({ state }) => state === 'Draining').map(({ pod }) => pod.name);
}

test.each([
  ['pods are renewed by hand', { strategy: 'OnDelete' }],
  ['the rollout is paused', { paused: true }],
])('takes one of two old pods away when %s', (_, update) => {
  expect(leaving(update, ['old', 'old'])).toHaveLength(1);
});

test('leaves a paused rollout the pod that it has added, and takes no more than the others', () => {
  expect(leaving({ paused: true }, ['old', 'new'])).toEqual([]);
  expect(leaving({ paused: true }, ['old', 'old', 'new'])).toEqual(['old-1']);
});
