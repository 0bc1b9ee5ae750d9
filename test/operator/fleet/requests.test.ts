import { describe, expect, test } from '@jest/globals';
import { decideFleet, type FleetDecision } from '../../../operator/fleet/decide.ts';
import type { PodMarks, PodView } from '../../../operator/fleet/pod.ts';
import { draining } from '../../../operator/desired/conditions/draining.ts';
import { steerings } from '../../../operator/reconcile/steer.ts';
import { turnsOf } from '../../../operator/reconcile/turns.ts';
import { aNode, aPod, before, facts, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const asked = (name: string, text: string, marks: Partial<PodMarks> = {}): PodView =>
  aPod({
    name,
    facts: facts({ sessions: 1 }),
    marks: { ...marks, requested: { text, by: 'kubectl-annotate' } },
  });
const decide = (...pods: readonly PodView[]): FleetDecision =>
  decideFleet({ cluster: aCluster({ replicas: 2 }), pods, revision: 'current', nowMs });
const text = ({ members, create }: FleetDecision): string =>
  [...members.map(({ pod, state, reason = '' }) => `${pod.name} ${state} ${reason}`.trim()), create].join(
    ', ',
  );
const conditionOf = (decision: FleetDecision): string => {
  const { status, reason, message } = draining({ decision });
  return `${status} ${reason}: ${message}`;
};

const [a, b] = [aPod({ name: 'a' }), aPod({ name: 'b' })];

describe('a person who asks for', () => {
  test.each([
    [
      'a drain gets it, and somebody else serves',
      [a, asked('b', 'Draining')],
      'a Published, b Draining Propagating, 1',
    ],
    [
      'a cordon gets it, and somebody else serves',
      [a, asked('b', 'Cordoned')],
      'a Published, b Cordoned Requested, 1',
    ],
    ['the drain of the last pod in DNS waits', [asked('b', 'Draining')], 'b Published HeldForMinimum, 2'],
    ['the cordon of the last pod in DNS waits', [asked('b', 'Cordoned')], 'b Published Requested, 2'],
    [
      'a drain is obeyed also when the load is high',
      [aPod({ name: 'a', facts: facts({ sessions: 9, load: 0.8 }) }), asked('b', 'Draining')],
      'a Published, b Draining Propagating, 1',
    ],
    ['nonsense is told so', [a, asked('b', 'Sleeping')], 'a Published, b Published UnknownRequest, 0'],
  ])('%s', (...[, pods, expected]) => {
    expect(text(decide(...pods))).toBe(expected);
  });

  test('a cordon keeps a pod that would be drained', () => {
    const drain = { reason: 'ScaleDown', startedMs: before(120_000) } as const;
    const decision = decide(a, b, asked('c', 'Cordoned', { isPublished: false, drain }));
    expect(text(decision)).toBe('a Published, b Published, c Cordoned Requested, 0');
    expect(decision.members[2]?.drain).toBeUndefined();
  });

  test('a cordon of the last pod in DNS waits also when its node is to be emptied', () => {
    const waiting = asked('b', 'Cordoned');
    const node = aNode({ isCordoned: true });
    expect(text(decide({ ...waiting, node }))).toBe('b Published HeldForMinimum, 2');
    expect(text(decide(a, { ...waiting, node }))).toBe('a Published, b Draining Propagating, 1');
  });

  test('takes it back by removing the annotation', () => {
    const drain = { reason: 'Requested', startedMs: before(120_000), deadlineMs: nowMs + 1 } as const;
    const decision = decide(a, aPod({ name: 'b', marks: { isPublished: false, drain } }));
    expect(text(decision)).toBe('a Published, b Published, 0');
    expect(turnsOf(decision, [])).toMatchObject([{ kind: 'DrainUndone', reason: 'Requested' }]);
  });

  test('a cordon has the SFU refuse new calls', () => {
    expect(steerings(decide(a, asked('b', 'Cordoned')))).toEqual([{ uid: 'uid-b', isDraining: true }]);
  });
});

test.each([
  [
    'Draining',
    'DrainStarted',
    'Draining by annotation requested-state by kubectl-annotate; remove it to take that back',
  ],
  [
    'Cordoned',
    'Cordoned',
    'Cordoned by annotation requested-state by kubectl-annotate; remove it to take that back',
  ],
])('the audit says who asked for %s', (...[state, kind, message]) => {
  const by = 'kubectl-annotate';
  expect(turnsOf(decide(a, asked('b', state)), [])).toEqual([
    expect.objectContaining({ kind, reason: 'Requested', by, message }),
  ]);
});

describe('the condition Draining', () => {
  test.each([
    ['says that nothing drains', [a, b], /^False NothingDrains/],
    [
      'names a drain with its reason and who asked',
      [a, asked('b', 'Draining')],
      /^True Requested: b: .*kubectl-annotate.*Left DNS/,
    ],
    [
      'names a drain that waits',
      [asked('b', 'Draining')],
      /^True HeldForMinimum: b: .*minPublished is 1 and 0 others/,
    ],
    [
      'names a drain that waits also when the pod is only kept in DNS, and why it is',
      [{ ...asked('b', 'Draining'), facts: facts({ version: '0.1.0', sessions: 1 }) }],
      /^True HeldForMinimum: b: .*0 others.*It reports version 0\.1\.0/,
    ],
    [
      'names a request that nobody understands',
      [a, asked('b', 'Sleeping')],
      /^False UnknownRequest: b: .*says "Sleeping"/,
    ],
  ])('%s', (...[, pods, expected]) => {
    expect(conditionOf(decide(...pods))).toMatch(expected);
  });
});
