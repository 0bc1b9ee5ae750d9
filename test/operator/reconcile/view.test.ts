import { describe, expect, test } from '@jest/globals';
import { targetOf } from '../../../operator/facts/targets.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { labelledKeys } from '../../../operator/reconcile/keys.ts';
import { steerings } from '../../../operator/reconcile/steer.ts';
import { transitions } from '../../../operator/reconcile/events.ts';
import { podView } from '../../../operator/reconcile/view.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import { aDecision } from '../../support/decisions.ts';
import { aPod, facts, nowMs, silence } from '../../support/pods.ts';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'calls-sfu-0',
    namespace: 'mattermost',
    uid: 'uid',
    resourceVersion: '7',
    creationTimestamp: '2026-11-23T11:00:00Z',
    labels: {
      'rtc.progressnet.gr/cluster': 'calls',
      'rtc.progressnet.gr/revision': 'abc',
      'rtc.progressnet.gr/published': 'true',
    },
    annotations: {
      'rtc.progressnet.gr/address': '10.0.0.1',
      'rtc.progressnet.gr/published-since': '2026-11-23T11:30:00Z',
      'rtc.progressnet.gr/api-port': '8443',
    },
  },
  spec: { nodeName: 'n1' },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
};
const around = { node: undefined, facts: undefined, nowMs };
const withAnnotations = (annotations: Record<string, string>): KubeObject => ({
  ...pod,
  metadata: { ...pod.metadata, annotations },
});

describe('a pod, as the fleet sees it', () => {
  test.each([
    ['cut off when only the controller of nodes took its readiness back', 'True', true],
    ['not ready by itself when its containers are not', 'False', undefined],
  ])('is %s', (_, containers, isCutOff) => {
    const conditions = [
      { type: 'Ready', status: 'False' },
      { type: 'ContainersReady', status: containers },
    ];
    expect(podView({ ...pod, status: { conditions } }, around).isCutOff).toBe(isCutOff);
  });

  test('is what its object says', () => {
    expect(podView(pod, around)).toEqual({
      name: 'calls-sfu-0',
      uid: 'uid',
      resourceVersion: '7',
      revision: 'abc',
      createdMs: Date.parse('2026-11-23T11:00:00Z'),
      isDead: false,
      isReady: true,
      isTerminating: false,
      engine: 'Mediasoup',
      marks: {
        isPublished: true,
        isBusy: false,
        address: '10.0.0.1',
        publishedSinceMs: Date.parse('2026-11-23T11:30:00Z'),
      },
      nodeName: 'n1',
    });
  });

  test.each([
    ['since when it drains', '2026-11-23T11:59:00Z', nowMs - 60_000],
    ['the longest wait where that cannot be read', 'nonsense', nowMs],
  ])('remembers %s', (_, started, startedMs) => {
    const drained = withAnnotations({
      'rtc.progressnet.gr/drain': 'ScaleDown',
      'rtc.progressnet.gr/drain-started': started,
    });
    expect(podView(drained, around).marks.drain).toEqual({ reason: 'ScaleDown', startedMs });
  });

  test('remembers its deadline', () => {
    const drained = withAnnotations({
      'rtc.progressnet.gr/drain': 'NodeDrain',
      'rtc.progressnet.gr/drain-deadline': '2026-11-23T13:00:00Z',
    });
    expect(podView(drained, around).marks.drain?.deadlineMs).toBe(Date.parse('2026-11-23T13:00:00Z'));
  });

  test('takes a drain for a reason that it does not know for one that can be undone', () => {
    const drained = withAnnotations({ 'rtc.progressnet.gr/drain': 'Mood' });
    expect(podView(drained, around).marks.drain).toEqual({ reason: 'ScaleDown', startedMs: nowMs });
  });
});

describe('a pod to be asked', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { adminKey: 'a2V5' } };

  test('is found with the key of its cluster', () => {
    expect(
      targetOf(pod, (namespace, name) =>
        `${namespace}/${name}` === 'mattermost/calls-admin' ? secret : undefined,
      ),
    ).toEqual({
      uid: 'uid',
      cluster: 'mattermost/calls',
      origin: 'http://10.0.0.1:8443',
      adminKey: 'key',
    });
  });

  test.each([
    ['has no address', { ...pod, status: {} }, secret],
    ['has no port', withAnnotations({}), secret],
    ['has no key', pod, undefined],
  ])('is left out while it %s', (...[, object, found]) => {
    expect(targetOf(object, () => found)).toBeUndefined();
  });
});

describe('a change concerns', () => {
  test('both clusters when a label moved', () => {
    const moved = {
      ...pod,
      metadata: { ...pod.metadata, labels: { 'rtc.progressnet.gr/cluster': 'other' } },
    };
    expect(labelledKeys({ previous: pod, current: moved })).toEqual(['mattermost/calls', 'mattermost/other']);
  });
});

const member = (change: Partial<Member>): Member => ({
  ...{ pod: aPod(), state: 'Published', isPublished: true, isBusy: false, address: '' },
  ...change,
});
const decided = (member: Member): Parameters<typeof steerings>[0] =>
  aDecision({ wanted: 1, members: [member] });
const drain = { reason: 'ScaleDown', startedMs: nowMs } as const;

describe('a pod is told', () => {
  test('nothing where it runs a stock rtcd, which has no word for it', () => {
    const rtcd = { ...member({ drain }).pod, engine: 'Rtcd' as const };
    expect(steerings(decided({ ...member({ drain }), pod: rtcd }))).toEqual([]);
  });

  test.each([
    ['to drain', member({ drain }), [{ uid: 'uid-a', isDraining: true }]],
    [
      'to serve again',
      member({ pod: aPod({ facts: facts({ isDraining: true }) }) }),
      [{ uid: 'uid-a', isDraining: false }],
    ],
    ['nothing that it knows', member({ drain, pod: aPod({ facts: facts({ isDraining: true }) }) }), []],
    ['nothing while it is silent', member({ drain, pod: aPod({ facts: silence }) }), []],
    [
      'nothing while it ends',
      member({ pod: aPod({ isTerminating: true, facts: facts({ isDraining: true }) }) }),
      [],
    ],
  ])('%s', (...[, of, expected]) => {
    expect(steerings(decided(of))).toEqual(expected);
  });
});

describe('an event', () => {
  const heard = (was: string | undefined, now: Member): string[] => {
    const before = was === undefined ? [] : [{ name: 'a', state: was as 'Failed', since: '' }];
    return transitions(before, decided(now), []).map(({ type, message }) => `${type} ${message}`);
  };

  test.each([
    ['when a pod is published', 'Gated', member({}), ['Normal a: is in DNS and takes calls']],
    [
      'when it fails',
      'Starting',
      member({ state: 'Failed', reason: 'X', message: 'bad' }),
      ['Warning a: bad'],
    ],
    ['not when it stays', 'Published', member({}), []],
    ['not on the way up', undefined, member({ state: 'Starting', reason: 'NotReady' }), []],
    [
      'not before the scheduler has looked',
      undefined,
      member({ state: 'Pending', reason: 'Scheduling' }),
      [],
    ],
  ])('is told %s', (...[, was, now, expected]) => {
    expect(heard(was, now)).toEqual(expected);
  });
});
