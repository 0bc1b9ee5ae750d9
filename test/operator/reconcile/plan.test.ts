import { describe, expect, test } from '@jest/globals';
import { finalizer } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { plan } from '../../../operator/reconcile/plan.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import {
  changed,
  children,
  cluster,
  foundWithout,
  metadataOf,
  nothing,
  planned,
  settled,
  text,
} from './planStage.ts';

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

describe('a cluster without engine.image', () => {
  const patches = (annotations: Readonly<Record<string, string>>): unknown[] =>
    metadataOf(plan({ ...settled, cluster: aCluster({}, { finalizers: [finalizer], annotations }) }));

  test('notes the image that it keeps, once, whatever the operator brings later', () => {
    expect(patches({})).toEqual([{ annotations: { 'rtc.progressnet.gr/default-image': 'image' } }]);
    expect(patches({ 'rtc.progressnet.gr/default-image': 'old' })).toEqual([]);
  });
});

test('the finalizer of somebody else stays', () => {
  const shared = aCluster({ deletionPolicy: 'Immediate' }, { finalizers: ['their/finalizer', finalizer] });
  const [action] = plan({ ...settled, cluster: shared });
  expect(action).toMatchObject({ metadata: { finalizers: ['their/finalizer'] } });
});
