import { describe, expect, test } from '@jest/globals';
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import type { Reach } from '../../../operator/desired/copyRecord.ts';
import { finalizer } from '../../../operator/desired/names.ts';
import { desiredChildren } from '../../../operator/desired/rtccluster.ts';
import { revisionInputs } from '../../../operator/desired/revision.ts';
import { revisionObject } from '../../../operator/desired/revisionRecord.ts';
import { podTemplate } from '../../../operator/desired/sfuPod.ts';
import type { FleetDecision } from '../../../operator/fleet/decide.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { plan, type PlanInput } from '../../../operator/reconcile/plan.ts';
import { aDecision } from '../../support/decisions.ts';
import { aPod, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const credentials = {
  adminKey: 'admin',
  clients: { mattermost: { clientID: 'id', authKey: 'key' } },
  problems: [],
};
const kept = { annotations: { 'rtc.progressnet.gr/default-image': 'image' } };
const cluster = aCluster({}, { finalizers: [finalizer], ...kept });
const children = desiredChildren(cluster, { credentials, clusterDomain: 'cluster.local', canIssue: true });
const inputs = revisionInputs(cluster, 'image');
const object = { apiVersion: 'a', kind: 'RTCCluster', metadata: cluster.metadata } as unknown as KubeObject;
const nothing: FleetDecision = aDecision({ wanted: 2 });
/** A cluster with all its children and no pods, where nothing is to be done. */
const settled: PlanInput = {
  cluster,
  object,
  children,
  decision: nothing,
  templateOf: () => podTemplate(cluster, 'image'),
  inputs,
  revisions: [{ ...revisionObject(cluster, inputs, 1) }],
  leftovers: [],
  operatorsImage: 'image',
  pods: [],
  isNamespaceEnding: false,
  found: [...children.createOnce, ...children.kept],
  apiNames: ['calls-rtcd.mattermost.svc'],
  copies: { wanted: [], namespaces: [], found: [], reach: {} },
  nowMs,
};

/** `type kind/name` of each action. */
const planned = (change: Partial<PlanInput>): string[] => plan({ ...settled, ...change }).map(text);
const text = ({ type, object: { kind, metadata } }: Action): string => `${type} ${kind}/${metadata.name}`;
const foundWithout = (kind: string): KubeObject[] => settled.found.filter((found) => found.kind !== kind);
const changed = (kind: string, change: object): KubeObject[] =>
  settled.found.map((found) => (found.kind === kind ? { ...found, ...change } : found));

describe('a plan', () => {
  test('is empty when all is as wanted', () => {
    expect(plan(settled)).toEqual([]);
  });

  test('ignores what the API server and others add', () => {
    const found = settled.found.map((child) => ({
      ...child,
      metadata: {
        ...child.metadata,
        resourceVersion: '5',
        labels: { ...child.metadata.labels, 'their/label': 'x' },
      },
      ...(child.kind === 'Service' && {
        spec: { ...(child['spec'] as object), ipFamilies: ['IPv4'], sessionAffinity: 'None' },
      }),
    }));
    expect(planned({ found })).toEqual([]);
  });

  test('makes everything in an order in which pods can start', () => {
    const decision = { ...nothing, create: 1 };
    expect(
      planned({
        found: [],
        decision,
        cluster: { ...cluster, metadata: { ...cluster.metadata, finalizers: [] } },
      }),
    ).toEqual([
      'patch RTCCluster/calls',
      'create Secret/calls-admin',
      'create Secret/calls-client-mattermost',
      'apply ConfigMap/calls-sfu',
      'apply Service/calls-rtcd',
      'apply Secret/calls-mattermost-env',
      'apply PodDisruptionBudget/calls-sfu',
      'create Pod/calls-sfu-0',
    ]);
  });

  test('never writes credentials that exist, whatever is in them', () => {
    const found = changed('Secret', { data: { broken: 'x' } });
    expect(planned({ found })).toEqual(['apply Secret/calls-mattermost-env']);
  });

  test('takes over the credentials of a cluster of its name that is gone, before the garbage collector does', () => {
    const ofBefore = (child: KubeObject): KubeObject => {
      const owners = child.metadata.ownerReferences?.map((owner) => ({ ...owner, uid: 'uid-before' })) ?? [];
      return { ...child, metadata: { ...child.metadata, ownerReferences: owners } };
    };
    const found = settled.found.map((child) => (child.kind === 'Secret' ? ofBefore(child) : child));
    const actions = plan({ ...settled, found });
    expect(actions.map(text)).toEqual([
      'patch Secret/calls-admin',
      'patch Secret/calls-client-mattermost',
      'apply Secret/calls-mattermost-env',
    ]);
    const [own] = settled.children.createOnce;
    expect(actions[0]).toMatchObject({ metadata: { ownerReferences: own?.metadata.ownerReferences } });
  });

  test("leaves a Secret to its owner who is somebody else's, or nobody", () => {
    const owners = [
      { apiVersion: 'v1', kind: 'ExternalSecret', name: 'calls', uid: 'theirs', controller: true },
    ];
    const owned = (ownerReferences: typeof owners): KubeObject[] =>
      settled.found.map((child) =>
        child.metadata.name === 'calls-admin'
          ? { ...child, metadata: { ...child.metadata, ownerReferences } }
          : child,
      );
    expect([planned({ found: owned(owners) }), planned({ found: owned([]) })]).toEqual([[], []]);
  });

  test('puts right what somebody changed', () => {
    expect(planned({ found: changed('Service', { spec: {} }) })).toEqual(['apply Service/calls-rtcd']);
  });

  test('deletes a budget that was switched off, and no Secret ever', () => {
    const less = {
      ...children,
      createOnce: [],
      kept: children.kept.filter(({ kind }) => kind !== 'PodDisruptionBudget'),
    };
    expect(planned({ children: less })).toEqual(['delete PodDisruptionBudget/calls-sfu']);
  });

  test('leaves alone what carries our label and is not ours', () => {
    const stranger = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: {} } };
    expect(planned({ found: [...settled.found, stranger] })).toEqual([]);
  });

  test('knows an object that it must not take over', () => {
    const [action] = plan({ ...settled, found: foundWithout('Service') });
    expect(action).toMatchObject({ type: 'apply', isNew: true });
  });
});

const podObject = (name: string, change: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: `uid-${name}`,
    annotations: { 'rtc.progressnet.gr/address': '10.99.0.11' },
    ...change,
  },
});
const member = (name: string, change: Partial<Member> = {}): Member => ({
  pod: aPod({ name, marks: { isPublished: false } }),
  state: 'Published',
  isPublished: true,
  isBusy: false,
  address: '10.99.0.11',
  ...change,
});
const decided = (...members: readonly Member[]): FleetDecision => ({ ...nothing, members });
const metadataOf = (actions: readonly Action[]): unknown[] =>
  actions.map((action) => (action.type === 'patch' ? action.metadata : undefined));

describe('a cluster without engine.image', () => {
  const patches = (annotations: Readonly<Record<string, string>>): unknown[] =>
    metadataOf(plan({ ...settled, cluster: aCluster({}, { finalizers: [finalizer], annotations }) }));

  test('notes the image that it keeps, once, whatever the operator brings later', () => {
    expect(patches({})).toEqual([{ annotations: { 'rtc.progressnet.gr/default-image': 'image' } }]);
    expect(patches({ 'rtc.progressnet.gr/default-image': 'old' })).toEqual([]);
  });
});

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

test('the finalizer of somebody else stays', () => {
  const shared = aCluster({ deletionPolicy: 'Immediate' }, { finalizers: ['their/finalizer', finalizer] });
  const [action] = plan({ ...settled, cluster: shared });
  expect(action).toMatchObject({ metadata: { finalizers: ['their/finalizer'] } });
});
