import { expect, test } from '@jest/globals';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aNewPod } from '../../../support/pods.ts';
import { decide, draining, old, text, three, updated, uids } from './cases.ts';

const cordoned = (pod: PodView): PodView => ({
  ...pod,
  marks: { ...pod.marks, requested: { text: 'Cordoned' } },
});
const neverPublished = aNewPod({ name: 'c', revision: 'old' });

test.each([
  ['while the others go', [...three, cordoned(old('d'))], 'c | 2 | new | RollingOut'],
  ['that is drained for it', [old('a'), cordoned(draining('c'))], ' | 3 | new | WaitingForAvailable'],
  ['that was never in DNS', [old('a'), cordoned(neverPublished)], ' | 3 | new | WaitingForAvailable'],
  ['to the end', [...['a', 'b', 'd'].map((name) => updated(name)), cordoned(old('c'))], ' | 3 | new | '],
])('a rollout leaves alone a pod that a person has cordoned, %s', (...[, pods, expected]) => {
  const decision = decide(pods);
  expect(text(decision)).toBe(expected);
  expect(uids(decision.discards)).toBe('');
});
