/** Invariants that cannot fail prove nothing: each is shown an operator that breaks it, by an injected fault. */
import { describe, expect, it } from '@jest/globals';
import { annotations, names } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { playScenario, type Intruder } from './run.ts';
import { at, busiest, busyMs, marks, plain, pods } from './intruders.ts';
import { clusterKey } from './world.ts';

const calmMs = 600_000;

/** What a broken operator does, once it is busy. */
const broken: Readonly<Record<string, Intruder>> = {
  'I1 no call is deleted': at(busyMs, async (api, world) => {
    const pod = busiest(world);
    await api.delete(resources.pods, pod.metadata, { uid: pod.metadata.uid ?? '' });
  }),
  'I1 no call is dropped': at(busyMs, async (api, world) => {
    const pod = busiest(world);
    await api.delete(resources.pods, pod.metadata, { uid: pod.metadata.uid ?? '' });
    world.server.delete(resources.pods, pod.metadata, { gracePeriodSeconds: 0 });
  }),
  'I2 DNS is never empty': at(busyMs, async (api, world) => {
    for (const { metadata } of pods(world))
      await api.mergePatch(resources.pods, metadata, marks({ published: null }));
  }),
  'I2 only gated pods are published': at(busyMs, async (api, world) => {
    for (const sfu of world.machines.running) Object.assign(sfu, { version: '0.16.0' });
    const [pod] = pods(world);
    await api.mergePatch(resources.pods, pod!.metadata, marks({ published: null }));
    await api.mergePatch(resources.pods, pod!.metadata, marks({ published: 'true' }));
  }),
  'I3 one pod per node': at(busyMs, async (api, world) => {
    const [pod] = pods(world);
    const metadata = { ...clusterKey, name: 'second', labels: pod!.metadata.labels ?? {} };
    const spec = { ...(pod!['spec'] as object), nodeName: nodeNameOf(pod!) };
    await api.create(resources.pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec });
  }),
  'I4 desired is in bounds': at(busyMs, async (api) => {
    await api.mergePatch(
      resources.rtcclusters,
      { ...clusterKey, subresource: 'status' },
      { status: { desiredPods: 9 } },
    );
  }),
  'I5 no oscillation': at(calmMs, async (api, world) => {
    const [pod] = pods(world);
    const made = { ...pod!, metadata: { ...clusterKey, name: 'another' } } as KubeObject;
    await api.create(resources.pods, made);
  }),
  'I6 no writes at rest': at(calmMs, async (api) => {
    await api.mergePatch(resources.rtcclusters, clusterKey, { metadata: { annotations: { seen: 'again' } } });
  }),
  'I7 deletes name the uid': at(busyMs, async (api, world) => {
    await api.delete(resources.pods, busiest(world).metadata, {} as { uid: string });
  }),
  'I8 spec is never written': at(busyMs, async (api) => {
    await api.mergePatch(resources.rtcclusters, clusterKey, { spec: { replicas: 1 } });
  }),
  'I9 capacity covers demand': at(busyMs, async (api, world) => {
    for (const sfu of world.machines.running) sfu.setCall('meeting', 70);
    const [pod] = pods(world);
    const change = {
      ...marks({ published: null }).metadata,
      annotations: { [annotations.drain]: 'ScaleDown' },
    };
    await api.mergePatch(resources.pods, pod!.metadata, { metadata: change });
  }),
  'I10 convergence': (world) =>
    world.time.after(busyMs, () => {
      for (const operator of world.operators) operator.kill();
      world.server.mergePatch(resources.rtcclusters, clusterKey, { spec: { replicas: 3 } });
    }),
  'I11 secrets stay secret': at(busyMs, async (api, world) => {
    const secret = world.server.get(resources.secrets, { ...clusterKey, name: names.adminSecretOf('calls') });
    const { adminKey } = secret['data'] as { readonly adminKey: string };
    await api.mergePatch(
      resources.rtcclusters,
      { ...clusterKey, subresource: 'status' },
      { status: { selector: adminKey } },
    );
  }),
  'I12 credentials stay': at(busyMs, async (api) => {
    const name = names.adminSecretOf('calls');
    await api.mergePatch(resources.secrets, { ...clusterKey, name }, { data: { adminKey: 'bmV3' } });
  }),
};

describe('an invariant', () => {
  it('is not violated by an operator that nobody breaks', async () => {
    expect((await playScenario(plain)).violations).toEqual([]);
  });

  it.each(Object.entries(broken))('"%s" notices an operator that breaks it', async (name, intruder) => {
    const { violations } = await playScenario(plain, intruder);
    expect(violations.map(({ invariant }) => invariant)).toContain(name);
  });
});
