import { describe, expect, test } from '@jest/globals';
import type { FleetDecision } from '../../../operator/fleet/decide.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import type { PodView, Reason } from '../../../operator/fleet/pod.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { transitions } from '../../../operator/reconcile/events.ts';
import { asWritten, stillRefused } from '../../../operator/reconcile/outcome.ts';
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
const mark = { reason: 'ScaleDown', startedMs: nowMs } as const;
const draining: Partial<Member> = { state: 'Draining', isPublished: false, drain: mark };
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
  const written = asWritten(decided(pod, change), [patch(pod)], { done: [], refusal, kept: new Map() });
  expect(written.members).toMatchObject([expected]);
  expect(steerings(written)).toEqual([]);
});

test('what was written is told, whatever else was refused', () => {
  const action = patch(aPod());
  const written = asWritten(decided(aPod(), draining), [action], {
    done: [action],
    refusal,
    kept: new Map(),
  });
  expect(steerings(written)).toEqual([{ uid: 'uid-a', isDraining: true }]);
  expect(transitions([], written, [action])).toHaveLength(1);
});

describe('a pod that may not be deleted', () => {
  const uid = 'uid-a';
  const why = new Map([[uid, refusal]]);
  const going = aDecision({ deletions: [{ pod: aPod(), isForced: false, reason: 'Drained', message: 'x' }] });

  test.each<[string, PodView, object]>([
    ['that drains', aPod({ marks: { isPublished: false, drain: mark } }), { state: 'Draining', drain: mark }],
    ['that was never published', aNewPod(), { state: 'Gated', isPublished: false }],
    ['that has ended', aPod({ isDead: true }), { state: 'Failed' }],
  ])('is still there, with the refusal as reason: one %s', (_, pod, expected) => {
    const deletions = going.deletions.map((deletion) => ({ ...deletion, pod }));
    const written = asWritten({ ...going, deletions }, [], { done: [], refusal, kept: why });
    expect(written.members).toMatchObject([{ ...expected, ...refusal }]);
  });

  const nothing = { actions: [], asks: [] };
  const done = { done: [], kept: new Map<string, Reason>() };

  test('is refused until it is tried again, also while it is asked once more before that', () => {
    expect(stillRefused(why, done, { ...nothing, asks: [uid] })).toEqual({ ...done, refusal, kept: why });
    expect(stillRefused(why, done, nothing)).toEqual(done);
    expect(stillRefused(new Map(), done, { ...nothing, asks: [uid] })).toEqual(done);
  });
});
