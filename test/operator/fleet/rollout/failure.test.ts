import { describe, expect, test } from '@jest/globals';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aPod, before, facts, nowMs, without } from '../../../support/pods.ts';
import {
  good,
  fresh,
  failed,
  type Change,
  decide,
  old,
  updated,
  starting,
  draining,
  crashed,
  three,
  full,
  uids,
  text,
} from './cases.ts';

describe('a revision fails', () => {
  const failure = (pods: readonly PodView[], change: Change = {}): string | undefined => {
    const { mark } = decide(pods, change);
    return mark?.kind === 'Failed' ? `${mark.reason}: ${mark.message}` : undefined;
  };
  const withoutNode = without(starting('n', 0, { createdMs: before(1e9) }), 'node', 'nodeName');

  test.each<[string, PodView, Change, string | undefined]>([
    [
      'whose pod does not get into DNS in time',
      starting('n', 900_000),
      {},
      'ProgressDeadlineExceeded: n was not published within 900 s: The pod is not ready',
    ],
    [
      'whose pod says what is wrong',
      starting('n', 900_000, { problem: crashed }),
      {},
      'ProgressDeadlineExceeded: n was not published within 900 s: exit code 1',
    ],
    [
      'whose pod fell out of DNS',
      updated('n', { isReady: false, problem: crashed }),
      {},
      'UpdatedPodFailed: n fell out of DNS: exit code 1',
    ],
    [
      'whose pod finds no node although one is free',
      withoutNode,
      {},
      'ProgressDeadlineExceeded: n was not published within 900 s: The pod is not ready',
    ],
  ])('%s', (...[, pod, change, expected]) => {
    expect(failure([old('a'), pod], change)).toBe(expected);
  });

  test.each<[string, PodView, Change]>([
    ['before its time is over', starting('n', 899_000), {}],
    ['for the time that the pod before it took to drain', withoutNode, { nodes: full }],
    [
      'by a node that is lost',
      updated('n', { isReady: false, problem: crashed, node: { ...aPod().node!, isReady: false } }),
      {},
    ],
    ['twice', starting('n', 900_000), { records: [good, failed] }],
    ['that was good once', starting('n', 900_000), { records: [good, { ...fresh, provenMs: 1 }] }],
    ['where people renew pods by hand', starting('n', 900_000), { update: { strategy: 'OnDelete' } }],
  ])('not %s', (_, pod, change) => {
    expect(failure([old('a'), pod], change)).toBeUndefined();
  });

  const paths = (opened: number, failed: number): ReturnType<typeof facts> =>
    facts({ measures: { atMs: nowMs, paths: { opened, failed } } });

  test('whose clients get no path for their media more often than those of the old pods', () => {
    expect(failure([old('a', { facts: paths(79, 1) }), updated('n', { facts: paths(6, 4) })])).toBe(
      'MediaPathsFail: 4 of 10 sessions on new pods got no path for their media, on old ones 1 of 80',
    );
  });

  test.each([
    ['for a few clients', paths(5, 4), paths(80, 0)],
    ['for clients that fail on the old pods, too', paths(60, 40), paths(70, 30)],
  ])('not %s', (...[, now, then]) => {
    expect(failure([old('a', { facts: then }), updated('n', { facts: now })])).toBeUndefined();
  });

  test('and says so where there is no other, without giving up', () => {
    const decision = decide([starting('n', 900_000)], { records: [fresh] });
    expect([text(decision), decision.mark]).toEqual([' | 3 | new | ProgressDeadlineExceeded', undefined]);
  });

  test('sooner when nothing is in DNS and the pod says what is wrong', () => {
    expect(failure([starting('n', 30_000, { problem: crashed })])).toMatch(/^ProgressDeadlineExceeded/);
    expect(failure([starting('n', 30_000)])).toBeUndefined();
  });
});

describe('a rollback', () => {
  const records = [good, failed];
  test('replaces at once what nobody used, and makes pods of the last good revision', () => {
    const decision = decide([old('a'), old('b'), starting('n', 1e6)], { records });
    expect([uids(decision.discards), decision.base, decision.progress?.reason]).toEqual([
      'n',
      'old',
      'RollingBack',
    ]);
  });

  test('drains a pod that has calls, as any rollout does, whatever the hour', () => {
    const busy = updated('n', { facts: facts({ sessions: 3 }) });
    const windows = [{ name: 'night', cron: '0 22 * * *', timeZone: 'UTC', durationSeconds: 3600 }];
    const decision = decide([old('a'), old('b'), busy], { records, update: { windows } });
    expect([uids(decision.departures), uids(decision.discards), decision.wanted]).toEqual(['n', '', 2]);
  });

  test('brings back a pod of the last good revision that was draining', () => {
    const back = decide([old('a'), old('b'), draining('c')], { records });
    expect([uids(back.departures), back.progress?.reason]).toEqual(['', 'RolledBack']);
  });

  test('says why when it is done, and how to try again', () => {
    const { progress, target, current } = decide(three, { records });
    expect([target, current, progress?.isMoving]).toEqual(['old', 'old', false]);
    expect(progress?.message).toBe(
      'Pods are of revision old again. Revision new failed (Because): it crashed. Change the spec, or try the same once more: kubectl annotate -n mattermost controllerrevision calls-new rtc.progressnet.gr/failed-',
    );
  });

  test('does not begin while the rollout is paused', () => {
    expect(decide([old('a'), updated('n')], { records, update: { paused: true } }).target).toBe('new');
  });
});

describe('a revision that all pods are of', () => {
  test('is good from then on', () => {
    const decision = decide([updated('a'), updated('b'), updated('c')]);
    expect(decision.mark).toMatchObject({
      kind: 'Proven',
      revision: 'new',
      message: 'All 3 pods are of revision new',
    });
  });

  test.each<[string, readonly PodView[]]>([
    ['one is missing', [updated('a'), updated('b')]],
    ['one is not in DNS', [updated('a'), updated('b'), starting('c', 1)]],
    ['there are none', []],
  ])('is not while %s', (_, pods) => {
    expect(decide(pods).mark).toBeUndefined();
  });

  test('is good again when the cluster came back to it', () => {
    const records = [
      { ...fresh, provenMs: 1 },
      { ...good, provenMs: 2 },
    ];
    expect(decide([updated('a'), updated('b'), updated('c')], { records }).mark?.kind).toBe('Proven');
  });
});
