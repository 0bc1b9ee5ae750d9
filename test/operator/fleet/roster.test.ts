import { describe, expect, test } from '@jest/globals';
import type { Departure } from '../../../operator/fleet/departures.ts';
import type { DrainReason, PodView } from '../../../operator/fleet/pod.ts';
import { roster, type Roster, type RosterInput } from '../../../operator/fleet/roster.ts';
import { aNewPod, aNode, aPod, before, facts, silence } from '../../support/pods.ts';

/** Two of two wanted, all in DNS, nobody has to leave; `change` is merged. */
function decide(pods: readonly PodView[], change: Partial<RosterInput> = {}): Roster {
  return roster({
    ...{ pods, wanted: 2, needed: 1, minPublished: 1, revision: 'current', tolerations: [] },
    passing: new Set(pods.map(({ uid }) => uid)),
    ...{ departures: new Map(), discards: new Map(), isDeleted: false, reuseDraining: 'Always' },
    ...change,
  });
}

/** Cause for the pod `name` to leave. */
const departing = (
  name: string,
  change: Partial<Departure> = {},
): { readonly departures: RosterInput['departures'] } => {
  const cause: Departure = { reason: 'NodeDrain', message: 'Its node', waitsFor: 'Replacement', ...change };
  return { departures: new Map([[`uid-${name}`, [cause]]]) };
};
const draining = (name: string, reason: DrainReason = 'ScaleDown', revision = 'current'): PodView =>
  aPod({ name, revision, marks: { isPublished: false, drain: { reason, startedMs: before(20_000) } } });
const names = (uids: Iterable<string>): string => [...uids].map((uid) => uid.slice(4)).join(' ');
/** `leaving | held | returning | create`. */
const text = ({ leaving, held, returning, create }: Roster): string =>
  [
    names(leaving.keys()),
    [...held].map(([uid, { reason }]) => `${uid.slice(4)} ${reason}`).join(' '),
    names(returning),
    create,
  ].join(' | ');

const [a, b, c] = [aPod({ name: 'a' }), aPod({ name: 'b' }), aPod({ name: 'c' })];

describe('a pod with a cause to leave', () => {
  test.each([
    ['waits for its replacement', [a, b], departing('b'), ' | b HeldForReplacement |  | 1'],
    ['leaves when that is there', [a, b, c], departing('b'), 'b |  |  | 0'],
    [
      'leaves without one where no node is free',
      [a, b],
      { ...departing('b'), nodes: { free: 0 } },
      'b |  |  | 1',
    ],
    [
      'stays even then when the load needs it',
      [a, b],
      { ...departing('b'), nodes: { free: 0 }, needed: 2 },
      ' | b HeldForCapacity |  | 1',
    ],
    [
      'leaves when the others can carry the load',
      [a, b],
      departing('b', { waitsFor: 'Capacity' }),
      'b |  |  | 1',
    ],
    [
      'waits while they cannot',
      [a, b],
      { ...departing('b', { waitsFor: 'Capacity' }), needed: 2 },
      ' | b HeldForCapacity |  | 1',
    ],
    [
      'leaves whatever the load when a person says so',
      [a, b],
      { ...departing('b', { waitsFor: 'Minimum' }), needed: 2 },
      'b |  |  | 1',
    ],
    [
      'leaves when it is replaced, although more are needed than may be made',
      [a, b, c],
      { ...departing('b', { waitsFor: 'Capacity' }), needed: 5 },
      'b |  |  | 0',
    ],
    ['never leaves DNS empty', [b], departing('b', { waitsFor: 'Minimum' }), ' | b HeldForMinimum |  | 2'],
    ['leaves it empty when all are deleted', [b], departing('b', { waitsFor: 'Nothing' }), 'b |  |  | 2'],
    [
      'leaves at once when it is not in DNS',
      [aPod({ name: 'b', marks: { isPublished: false } })],
      { ...departing('b'), passing: new Set<string>() },
      'b |  |  | 2',
    ],
    [
      'stays when it is kept in DNS although its gate is closed',
      [b],
      { ...departing('b'), passing: new Set<string>() },
      ' | b HeldForMinimum |  | 2',
    ],
    [
      'leaves when another is kept there in its stead',
      [a, b],
      { ...departing('b', { waitsFor: 'Minimum' }), passing: new Set<string>() },
      'b |  |  | 1',
    ],
  ])('%s', (...[, pods, change, expected]) => {
    expect(text(decide(pods, change))).toBe(expected);
  });

  test('serves again when DNS would be empty without it, however far it is', () => {
    expect(text(decide([draining('b', 'NodeDrain')], departing('b')))).toBe(' | b HeldForMinimum | b | 2');
  });

  test('leaves for the cause that need not wait', () => {
    const causes = [...departing('b').departures.values()].flat();
    const spot: Departure = { reason: 'SpotInterruption', message: 'Soon gone', waitsFor: 'Minimum' };
    const departures = new Map([['uid-b', [...causes, spot]]]);
    expect(text(decide([a, b], { departures }))).toBe('b |  |  | 1');
  });
});

describe('a drained pod', () => {
  test.each([
    [
      'comes back when its cause is gone, and the empty one leaves',
      [a, draining('b', 'NodeDrain'), aNewPod({ name: 'c' })],
      {},
      'c |  | b | 0',
    ],
    ['comes back when a person takes the request back', [a, draining('b', 'Requested')], {}, ' |  | b | 0'],
    [
      'comes back when the rollout that drained it is undone',
      [a, draining('b', 'Rollout')],
      {},
      ' |  | b | 0',
    ],
    ['comes back before one is created', [a, draining('b')], { wanted: 3 }, ' |  | b | 1'],
    ['stays out when enough others serve', [a, draining('b')], { wanted: 1 }, ' |  |  | 0'],
    ['stays out while its cause holds', [a, c, draining('b', 'NodeDrain')], departing('b'), 'b |  |  | 0'],
    ['never comes back from a deletion', [a, draining('b', 'Deletion')], {}, ' |  |  | 1'],
    [
      'of the current revision comes back first',
      [draining('x', 'ScaleDown', 'old'), draining('b'), a],
      {},
      ' |  | b | 0',
    ],
  ])('%s', (...[, pods, change, expected]) => {
    expect(text(decide(pods, change))).toBe(expected);
  });
});

describe('a surplus', () => {
  const busy = facts({ sessions: 5, load: 0.2 });
  const inZone = (zone: string): PodView['node'] => aNode({ zone });
  test.each([
    ['failed', { isReady: false }, { node: aNode({ isCordoned: true }) }],
    ['on a cordoned node', { node: aNode({ isCordoned: true }) }, { revision: 'old' }],
    [
      'on a tainted node',
      { node: aNode({ taints: [{ key: 'maintenance', effect: 'NoSchedule' }] }) },
      { revision: 'old' },
    ],
    ['of an older revision', { revision: 'old', facts: busy }, {}],
    ['with fewer sessions', { facts: facts({ sessions: 1, load: 0.3 }) }, { facts: busy }],
    ['with less load', { facts: facts({ sessions: 5, load: 0.1 }) }, { facts: busy }],
    [
      'with its people in fewer calls',
      { facts: facts({ sessions: 5, load: 0.2, calls: 1 }) },
      { facts: facts({ sessions: 5, load: 0.2, calls: 2 }), createdMs: before(1) },
    ],
    ['that is younger', { createdMs: before(1) }, {}],
    ['that answers', { facts: busy }, { facts: silence }],
  ])('begins with the pod %s', (_, first, other) => {
    const pods = [
      aPod({ ...other, name: 'a' }),
      { ...aPod({ ...first, name: 'b' }), name: 'b', uid: 'uid-b' },
    ];
    const passing = new Set(pods.filter(({ isReady }) => isReady).map(({ uid }) => uid));
    expect(text(decide(pods, { wanted: 1, passing }))).toBe('b |  |  | 0');
  });

  test('begins with a pod that was not published yet, even before one that failed', () => {
    const passing = new Set(['uid-b', 'uid-c']);
    const pods = [aPod({ name: 'a', isReady: false }), aNewPod({ name: 'b', facts: busy }), c];
    expect(text(decide(pods, { passing }))).toBe('b |  |  | 0');
  });

  test('takes a failed pod in place of one that the load needs', () => {
    const passing = new Set(['uid-b']);
    const pods = [aPod({ name: 'a', isReady: false }), aNewPod({ name: 'b', facts: busy })];
    expect(text(decide(pods, { wanted: 1, passing }))).toBe('a |  |  | 0');
  });

  test('is taken from the zone that has most, one after the other', () => {
    const pods = [
      aPod({ name: 'a', node: inZone('one')!, facts: busy }),
      aPod({ name: 'b', node: inZone('one')!, facts: busy }),
      aPod({ name: 'c', node: inZone('one')!, facts: busy }),
      aPod({ name: 'd', node: inZone('two')! }),
      aPod({ name: 'e', node: inZone('two')! }),
    ];
    const { leaving } = decide(pods, { wanted: 2 });
    expect(names(leaving.keys())).toBe('c e b');
  });

  test.each([
    ['asked for its calls', silence],
    ['called', facts({ sessions: 5, probe: {} })],
  ])('spares a pod that is back on its node and was not %s yet', (_, known) => {
    const back = aPod({ name: 'b', facts: known, marks: { isPublished: false } });
    const pods = [aPod({ name: 'a', facts: busy }), back, c];
    const passing = new Set(['uid-a', 'uid-c']);
    expect(text(decide(pods, { passing }))).toBe('c |  |  | 0');
    expect(text(decide(pods, { passing, needed: 2 }))).toBe(' | c HeldForCapacity |  | 0');
  });

  test('waits while the load needs it, and takes nobody else', () => {
    expect(text(decide([a, b, c], { wanted: 1, needed: 2 }))).toBe('c | b HeldForCapacity |  | 0');
  });
});

test('with reuseDraining Never a pod is created rather than brought back, unless DNS would run empty', () => {
  const pods = [aPod(), draining('b')];
  expect(text(decide(pods))).toBe(' |  | b | 0');
  expect(text(decide(pods, { reuseDraining: 'Never' }))).toBe(' |  |  | 1');
  expect(text(decide([draining('b')], { reuseDraining: 'Never', wanted: 1 }))).toBe(' |  | b | 0');
});

test.each([
  ['one more pod', {}, 'It goes when one more pod is in DNS, or the load falls'],
  [
    'a node for it',
    { nodes: { free: 0 } },
    'No node is free for one more: add a node, and it goes when a pod there is in DNS, or the load falls',
  ],
])('a pod that is held says that it waits for %s', (_, change, remedy) => {
  const departures = departing('b', { waitsFor: 'Capacity' });
  const { held } = decide([a, b], { ...departures, ...change, needed: 2 });
  expect(held.get('uid-b')?.message).toBe(
    `Its node. It stays in DNS for now: the demand needs 2 pods and 1 other can take its place. ${remedy}`,
  );
});
