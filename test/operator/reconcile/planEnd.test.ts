import { describe, expect, test } from '@jest/globals';
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { Reach } from '../../../operator/desired/copyRecord.ts';
import { plan, type PlanInput } from '../../../operator/reconcile/plan.ts';
import { nowMs } from '../../support/pods.ts';
import { cluster, planned, podObject, settled, text } from './planStage.ts';

describe('a deleted cluster', () => {
  const going = { ...cluster, metadata: { ...cluster.metadata, deletionTimestamp: '2026-11-23T12:00:00Z' } };

  test('is held while a pod is left, and gets no children', () => {
    expect(planned({ cluster: going, pods: [podObject('a')], found: [] })).toEqual([]);
  });

  test('is let go with its last pod', () => {
    const [action] = plan({ ...settled, cluster: going });
    expect(action).toMatchObject({ type: 'patch', metadata: { finalizers: [] } });
  });

  describe('whose binding is in another namespace', () => {
    const annotations = { 'rtc.progressnet.gr/binding-copies': 'one/calls-env' };
    const recorded = { ...going, metadata: { ...going.metadata, annotations } };
    const immediate: RtcCluster = { ...recorded, spec: { ...recorded.spec, deletionPolicy: 'Immediate' } };
    const copy = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'one', name: 'calls-env' } };
    const letsGo = 'patch RTCCluster/calls';
    const twoHoursMs = 7_200_000;
    const left = 'kubectl delete secret -n one calls-env';

    test.each<[string, Reach, Partial<PlanInput>, readonly string[]]>([
      ['takes it back', 'Served', { found: [] }, [letsGo]],
      ['waits until it is known whether it can', 'Unknown', { cluster: immediate }, []],
      ['waits for the right to take it back', 'Forbidden', {}, []],
      ['waits no longer than for a call', 'NotAllowed', { nowMs: nowMs + twoHoursMs }, [letsGo]],
      ['does not wait where nobody wants it to', 'Forbidden', { cluster: immediate }, [letsGo]],
      ['does not wait in a namespace that goes too', 'Forbidden', { isNamespaceEnding: true }, [letsGo]],
      ['does not wait for a namespace that is gone', 'Missing', {}, [letsGo]],
    ])('%s', (...[, reach, change, expected]) => {
      const copies = { ...settled.copies, reach: { one: reach } };
      expect(planned({ cluster: recorded, copies, ...change })).toEqual(expected);
    });

    test('is let go when the copy is gone', () => {
      const copies = { ...settled.copies, found: [copy], reach: { one: 'Served' as const } };
      expect(planned({ cluster: recorded, copies })).toEqual(['delete Secret/calls-env']);
      expect(planned({ cluster: immediate, copies })).toEqual(['delete Secret/calls-env', letsGo]);
    });

    test('is let go with the command that removes what is left', () => {
      const copies = { ...settled.copies, reach: { one: 'Forbidden' as const } };
      const [action] = plan({ ...settled, cluster: immediate, copies });
      expect(action).toMatchObject({ reason: 'BindingLeft', message: expect.stringContaining(left) });
    });
  });

  test('is let go although a pod is left whose node does not answer and whose time is long past', () => {
    const stuck = podObject('a');
    const metadata = { ...stuck.metadata, deletionTimestamp: '2026-11-23T11:58:00Z' };
    expect(planned({ cluster: going, pods: [{ ...stuck, metadata }] })).toEqual(['patch RTCCluster/calls']);
    const soon = { ...stuck.metadata, deletionTimestamp: '2026-11-23T11:59:30Z' };
    expect(planned({ cluster: going, pods: [{ ...stuck, metadata: soon }] })).toEqual([]);
  });

  test('in a namespace that is being deleted is let go at once, and its pods end by themselves in time', () => {
    const ending = { ...podObject('b'), metadata: { ...podObject('b').metadata, deletionTimestamp: 'x' } };
    const actions = plan({
      ...{ ...settled, cluster: going, isNamespaceEnding: true, pods: [podObject('a'), ending] },
    });
    expect(actions.map(text)).toEqual(['delete Pod/a', 'patch RTCCluster/calls']);
    expect(actions[0]).toMatchObject({ gracePeriodSeconds: 7_200, reason: 'NamespaceEnding' });
  });

  test('is let go at once when the policy says so', () => {
    const immediate = { ...going, spec: { ...going.spec, deletionPolicy: 'Immediate' as const } };
    expect(planned({ cluster: immediate, pods: [podObject('a')] })).toEqual(['patch RTCCluster/calls']);
  });
});
