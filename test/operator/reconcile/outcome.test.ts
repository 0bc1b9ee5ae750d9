import { expect, test } from '@jest/globals';
import type { FleetDecision } from '../../../operator/fleet/decide.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import type { PodView } from '../../../operator/fleet/pod.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { transitions } from '../../../operator/reconcile/events.ts';
import { asWritten } from '../../../operator/reconcile/outcome.ts';
import { steerings } from '../../../operator/reconcile/steer.ts';
import { aDecision } from '../../support/decisions.ts';
import { aNewPod, aPod, nowMs } from '../../support/pods.ts';

const refusal = { reason: 'Forbidden', message: 'no' };
const patch = ({ name, uid }: PodView): Action => ({
  ...{ type: 'patch', metadata: {}, reason: 'X', message: 'x' },
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name, uid } },
});
const decided = (pod: PodView, change: Partial<Member>): FleetDecision =>
  aDecision({
    wanted: 1,
    members: [{ pod, state: 'Published', isPublished: true, isBusy: false, address: '', ...change }],
  });
const draining: Partial<Member> = {
  ...{ state: 'Draining', isPublished: false, drain: { reason: 'ScaleDown', startedMs: nowMs } },
};
const failed: Partial<Member> = { state: 'Failed', reason: 'ContainerCrashed', message: 'bad' };
type Case = readonly [string, PodView, Partial<Member>, object];

test.each<Case>([
  [
    'a drain that could not be marked has not begun',
    aPod(),
    draining,
    { state: 'Published', isPublished: true, ...refusal },
  ],
  [
    'a pod that could not be published is not in DNS',
    aNewPod(),
    {},
    { state: 'Gated', isPublished: false, ...refusal },
  ],
  [
    'a pod that failed has failed, and is in DNS until that is written',
    aPod(),
    { ...failed, isPublished: false },
    { ...failed, isPublished: true },
  ],
])('%s', (...[, pod, change, expected]) => {
  const written = asWritten(decided(pod, change), [patch(pod)], { done: [], refusal });
  expect(written.members).toMatchObject([expected]);
  expect(steerings(written)).toEqual([]);
});

test('what was written is told, whatever else was refused', () => {
  const action = patch(aPod());
  const written = asWritten(decided(aPod(), draining), [action], { done: [action], refusal });
  expect(steerings(written)).toEqual([{ uid: 'uid-a', isDraining: true }]);
  expect(transitions([], written, [action])).toHaveLength(1);
});
