/** What the writing verbs of `kubectl rtc` write, the operator obeys: a real API server, faked nodes and SFUs. */
import { describe, expect, test } from '@jest/globals';
import type { DoneView } from '../../../operator/cli/done.ts';
import type { RolloutView } from '../../../operator/cli/views/rollout.ts';
import type { StatusView } from '../../../operator/cli/views/status.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { runCli } from '../../support/cli.ts';
import { cliActs } from '../../support/cliActs.ts';
import { namesOf, published } from '../reconcile/acts.ts';

const { acts, rtc, viewOf } = cliActs({ nodes: 3 });

const podNamed = async (name: string): Promise<KubeObject> =>
  acts.stage.kube.get(resources.pods, { namespace: acts.calls.namespace, name });

/** Of the pod of its name now; undefined when there is none. */
const uidOf = ({ metadata }: KubeObject): Promise<string | undefined> =>
  podNamed(metadata.name).then(
    (pod) => pod.metadata.uid,
    () => undefined,
  );

async function twoBusy(): Promise<readonly [KubeObject, KubeObject]> {
  await acts.two();
  for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 2;
  const pods = await acts.calls.untilPods(2, published);
  return [pods[0]!, pods[1]!];
}

describe('a pod', () => {
  test('is drained and comes back, and each time it is told what will follow', async () => {
    const [{ metadata }] = await twoBusy();
    const { name } = metadata;
    const view = await viewOf<DoneView>('drain', name);
    expect(view.wrote).toEqual([`pod ${name}: rtc.progressnet.gr/requested-state=Draining`]);
    expect(view.follows.join()).toMatch(/will be Draining: .*No deadline/);
    expect((await acts.calls.untilMember('Draining', 'SessionsActive')).message).toContain('by kubectl-rtc');
    expect(await viewOf<DoneView>('drain', name)).toMatchObject({ wrote: [] });
    await rtc('undrain', name, '--wait');
    expect(namesOf(await acts.calls.untilPods(2, published))).toContain(name);
  }, 60_000);

  test('is waited for, with what is still missing in the words of the operator', async () => {
    const [pod] = await twoBusy();
    const short = await rtc('drain', pod.metadata.name, '--wait', '--timeout', '3s');
    expect(short).toMatchObject({
      exitCode: 4,
      out: expect.stringMatching(/will be Draining: .*No deadline.*\nStill missing: .*\n$/s),
    });
    acts.stage.nodeOf(pod).sfu.sessions = 0;
    const over = await rtc('drain', pod.metadata.name, '--wait');
    expect(over).toMatchObject({
      ...{ exitCode: 0, err: expect.stringContaining('waiting: ') },
      out: expect.stringMatching(/\nDone: pod \S+ is gone\nRTCCluster calls: \d of 2 pods are published/),
    });
    expect(await uidOf(pod)).not.toBe(pod.metadata.uid);
  }, 60_000);

  test('goes with its calls at the deadline that the command names', async () => {
    const [pod] = await twoBusy();
    const { out } = await rtc('drain', pod.metadata.name, '--deadline', '+6s');
    expect(out).toMatch(/drain-deadline=20/);
    const over = await rtc('drain', pod.metadata.name, '--wait', '--timeout', '40s');
    expect(over.exitCode).toBe(0);
  }, 60_000);

  test('is cordoned by its node, and comes back', async () => {
    const [pod] = await twoBusy();
    const { nodeName } = pod['spec'] as { nodeName: string };
    const { name } = pod.metadata;
    expect(await rtc('cordon', '--node', nodeName, '--wait')).toMatchObject({ exitCode: 0 });
    await acts.calls.untilMember('Cordoned', 'Requested');
    expect(await rtc('undrain', name)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('use kubectl rtc uncordon'),
    });
    expect(await rtc('uncordon', name, '--wait')).toMatchObject({ exitCode: 0 });
  }, 60_000);

  test('is refused where the operator would do nothing, and then nothing is written', async () => {
    const [pod] = await twoBusy();
    const { name } = pod.metadata;
    await rtc('pause', 'calls', '--reason', 'looking into it');
    expect(await rtc('drain', name)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('is paused'),
    });
    expect((await podNamed(name)).metadata.annotations).not.toHaveProperty(
      'rtc.progressnet.gr/requested-state',
    );
    await acts.calls.untilCondition('ReconciliationPaused', /^True/);
    await rtc('resume');
    await acts.calls.untilCondition('ReconciliationPaused', /^False/);
    expect(await rtc('drain', name, 'nobody')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is no Pod nobody'),
    });
    expect(await rtc('drain')).toMatchObject({ exitCode: 2, err: expect.stringContaining('--node') });
  }, 60_000);
});

describe('a cluster', () => {
  test('is reserved room in, and taken back', async () => {
    await acts.calls.apply({
      scaling: { mode: 'Auto', minPods: 1, maxPods: 3, target: { sessionsPerPod: 100 } },
    });
    await acts.calls.untilPods(1, published);
    const event = ['--start', '+0s', '--end', '+2h', '--sessions', '150'];
    const { follows } = await viewOf<DoneView>('reserve', 'calls', '--name', 'town-hall', ...event);
    expect(follows.join()).toContain('At least 2 pods');
    await acts.calls.untilPods(2, published);
    expect((await rtc('reserve')).out).toContain('town-hall');
    expect((await rtc('reserve', '--remove', 'town-hall')).exitCode).toBe(0);
    expect((await rtc('reserve')).out).toContain('There are no reservations.');
    expect(await rtc('reserve', '--name', 'x')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--start'),
    });
  }, 60_000);

  test('goes back to the last good revision, and its update is paused and resumed', async () => {
    await acts.two();
    const { revisions } = await viewOf<RolloutView>('rollout', 'status');
    expect(revisions).toMatchObject([{ pods: 2, state: 'Proven' }]);
    expect((await rtc('rollout', 'pause')).exitCode).toBe(0);
    const next = { image: 'localhost/rtc-sfu:next' };
    await acts.stage.kube.mergePatch(
      resources.rtcclusters,
      { namespace: acts.calls.namespace, name: 'calls' },
      { spec: { engine: next } },
    );
    await acts.calls.untilCondition('Progressing', /Paused/);
    const { wrote } = await viewOf<DoneView>('rollout', 'undo');
    expect(wrote).toEqual(['RTCCluster calls: spec.engine.image="localhost/rtc-sfu:test"']);
    expect((await rtc('rollout', 'resume')).exitCode).toBe(0);
    await acts.calls.untilCondition('Progressing', /^False Settled/);
    expect(await rtc('rollout', 'undo')).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('is shown with its pods, and with what is not as it should be', async () => {
    await acts.two();
    const { fleets } = await viewOf<StatusView>('status');
    expect(fleets).toMatchObject([
      { kind: 'RTCCluster', published: 2, desired: 2, ready: { status: 'True' } },
    ]);
    const { out } = await rtc('status', 'calls');
    expect(out).toMatch(/RTCCluster +\S+ +calls +2\/2/);
    expect(out).toContain('AddressesReachable is Unknown');
    expect(out).not.toContain('\u001B');
    expect(await rtc('status', 'others')).toMatchObject({ exitCode: 1 });
  }, 60_000);
});

describe('a TurnServer', () => {
  /** One that nobody serves here, so that its status stays as the test has written it. */
  async function rotating(namespace: string): Promise<void> {
    await acts.stage.createNamespace(namespace);
    const { kube } = acts.stage;
    const key = { namespace, name: 'edge' };
    await kube.create(resources.turnservers, {
      ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer', metadata: key },
      spec: { realm: 'example.com' },
    });
    const secrets = { activeHash: 'a1b2c3', accepted: [{ hash: '9f8e7d' }], rotation: 'Overlapping' };
    await kube.mergePatch(resources.turnservers, { ...key, subresource: 'status' }, { status: { secrets } });
  }

  test('is told that all have its new secret, and is paused', async () => {
    await rotating('turn-ack');
    const typed = (...words: readonly string[]): ReturnType<typeof runCli> =>
      runCli([...words, '--kubeconfig', acts.stage.cluster.kubeconfig, '-n', 'turn-ack']);
    expect(await typed('turn', 'ack', 'edge', '--hash', 'ffffff')).toMatchObject({ exitCode: 1 });
    expect(await typed('turn', 'ack', 'edge')).toMatchObject({ exitCode: 0 });
    expect(await typed('pause', 'turnserver/edge')).toMatchObject({ exitCode: 0 });
    const { metadata } = await acts.stage.kube.get(resources.turnservers, {
      namespace: 'turn-ack',
      name: 'edge',
    });
    expect(metadata.annotations).toMatchObject({
      'rtc.progressnet.gr/turn-ack': 'a1b2c3',
      'rtc.progressnet.gr/paused': 'paused with kubectl rtc',
    });
  }, 60_000);
});
