import { describe, expect, test } from '@jest/globals';
import { finalizer } from '../../../operator/desired/names.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import { plan } from '../../../operator/reconcile/plan.ts';
import { aPod, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { decided, kept, member, metadataOf, nothing, planned, podObject, settled } from './planStage.ts';

describe('the marks of a pod', () => {
  test('are written when it is published, with the time', () => {
    const actions = plan({ ...settled, pods: [podObject('a')], decision: decided(member('a')) });
    expect(metadataOf(actions)).toEqual([
      {
        labels: { 'rtc.progressnet.gr/published': 'true' },
        annotations: { 'rtc.progressnet.gr/published-since': '2026-11-23T12:00:00.000Z' },
      },
    ]);
  });

  test('say why and since when it is drained', () => {
    const drained = member('a', { isPublished: false, drain: { reason: 'ScaleDown', startedMs: nowMs } });
    const pods = [podObject('a', { labels: { 'rtc.progressnet.gr/published': 'true' } })];
    expect(metadataOf(plan({ ...settled, pods, decision: decided(drained) }))).toEqual([
      {
        labels: { 'rtc.progressnet.gr/published': null },
        annotations: {
          'rtc.progressnet.gr/drain': 'ScaleDown',
          'rtc.progressnet.gr/drain-started': '2026-11-23T12:00:00.000Z',
        },
      },
    ]);
  });

  test('name the times that begin with them, and no time that a person has set', () => {
    const drain = { reason: 'SpotInterruption', startedMs: nowMs, deadlineMs: nowMs + 90_000 } as const;
    const drained = member('a', { isPublished: false, drain });
    const timed = (one: Member): unknown => {
      const [action] = plan({ ...settled, pods: [podObject('a')], decision: decided(one) });
      return action?.type === 'patch' ? action.timed?.annotations : undefined;
    };
    expect(timed(drained)).toEqual(['rtc.progressnet.gr/drain-started', 'rtc.progressnet.gr/drain-deadline']);
    expect(timed({ ...drained, pod: aPod({ marks: { drain } }) })).toBeUndefined();
  });

  test('tell autoscalers of calls, unless that is switched off', () => {
    const pods = [podObject('a')];
    const busy = decided(member('a', { isBusy: true, isPublished: false }));
    const hints = {
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      'karpenter.sh/do-not-disrupt': 'true',
    };
    const labels = { 'rtc.progressnet.gr/busy': 'true' };
    expect(metadataOf(plan({ ...settled, pods, decision: busy }))).toEqual([{ labels, annotations: hints }]);
    const off = aCluster({ disruption: { autoscalerHints: 'Off' } }, { finalizers: [finalizer], ...kept });
    expect(metadataOf(plan({ ...settled, cluster: off, pods, decision: busy }))).toEqual([{ labels }]);
  });

  test('publish before they withdraw, so that DNS never runs empty in between', () => {
    const pods = [podObject('a', { labels: { 'rtc.progressnet.gr/published': 'true' } }), podObject('b')];
    const decision = decided(member('a', { isPublished: false }), member('b'));
    expect(planned({ pods, decision })).toEqual(['patch Pod/b', 'patch Pod/a']);
  });
});

describe('new pods', () => {
  test('take the lowest free numbers', () => {
    const pods = [podObject('calls-sfu-0'), podObject('calls-sfu-2')];
    expect(planned({ pods, decision: { ...nothing, create: 2 } })).toEqual([
      'create Pod/calls-sfu-1',
      'create Pod/calls-sfu-3',
    ]);
  });

  test('leave their names to pods that an earlier cluster of the same name has left, and that still carry calls', () => {
    const others = [
      podObject('calls-sfu-0', { namespace: 'mattermost' }),
      podObject('calls-sfu-1', { namespace: 'elsewhere' }),
    ];
    expect(planned({ others, decision: { ...nothing, create: 2 } })).toEqual([
      'create Pod/calls-sfu-1',
      'create Pod/calls-sfu-2',
    ]);
  });
});

describe('a pod that a rollout adds beyond the wanted ones', () => {
  const surge = 'rtc.progressnet.gr/surge';

  test('says so from the beginning, the last of those that are made', () => {
    const marks = plan({ ...settled, decision: { ...nothing, create: 3, surge: 1 } }).map((action) =>
      action.type === 'create' ? action.object.metadata.annotations?.[surge] : 'none made',
    );
    expect(marks).toEqual([undefined, undefined, 'true']);
  });

  test('says so no more when it has taken the place of another', () => {
    const pod = podObject('a', {
      annotations: { 'rtc.progressnet.gr/address': '10.99.0.11', [surge]: 'true' },
      labels: { 'rtc.progressnet.gr/published': 'true' },
    });
    const published = aPod({ name: 'a' });
    const patches = (change: Partial<Member>): unknown[] =>
      metadataOf(
        plan({ ...settled, pods: [pod], decision: decided(member('a', { pod: published, ...change })) }),
      );
    expect(patches({ isSurge: true })).toEqual([]);
    expect(patches({})).toEqual([{ annotations: { [surge]: null } }]);
  });
});

test.each([
  ['with the grace of the pod when its calls are over', false, {}],
  ['with a short grace at its deadline', true, { gracePeriodSeconds: 5 }],
])('a pod is deleted %s', (...[, isForced, grace]) => {
  const view = aPod();
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', uid: view.uid } };
  const why = { reason: 'Drained', message: 'gone' };
  const decision = { ...nothing, deletions: [{ pod: view, isForced, ...why }] };
  expect(plan({ ...settled, pods: [object], decision })).toEqual([
    { type: 'delete', object, ...grace, ...why },
  ]);
});
