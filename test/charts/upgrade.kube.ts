/**
 * From the previous version to this one and back on a real API server: each version's own operator, with the rights of its
 * own chart. No pod may be touched. Nodes and SFUs are faked; a live call, and helm 3, are in upgrade.long.ts.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { leases } from '../../operator/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { type KubeStage, stagePort, startKubeStage } from '../support/kubeStage.ts';
import { type LiveCluster, liveCluster } from '../support/liveCluster.ts';
import {
  buildOperator,
  operatorIn,
  type OperatorProcess,
  type OperatorProgram,
} from '../support/operatorProgram.ts';
import { previousChart, previousVersion, unpackPreviousOperator } from './previous/previous.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
type Version = 'previous' | 'current';
let stage: KubeStage;
let programs: Readonly<Record<Version, OperatorProgram>>;
let running: OperatorProcess | undefined;
beforeAll(async () => {
  stage = await startKubeStage({ nodes: 3, installsCrd: false });
  const dir = await unpackPreviousOperator();
  programs = { previous: await operatorIn(dir, join(dir, 'app/main.mjs')), current: await buildOperator() };
}, 120_000);
afterEach(() => stop());
afterAll(async () => {
  await Promise.all(Object.values(programs).map((program) => program.remove()));
  await stage.close();
}, 30_000);

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

/** The operator of a version, as the chart's Deployment would start it; resolves when it leads. */
async function run(version: Version, namespace: string): Promise<void> {
  await stop();
  const token = await stage.cluster.kubectl('create', 'token', '-n', namespace, 'rtc-operator');
  const identity = `${version}-${Date.now()}`;
  const image = version === 'current' ? 'current' : await previousVersion();
  running = programs[version].start({
    kubeconfig: stage.proxy.kubeconfigWithToken(token.trim()),
    settings: {
      'sfu-image': `localhost/rtc-sfu:${image}`,
      ...(version === 'current' && { 'own-image': 'localhost/rtc-operator:current' }),
      ...{ 'lease-namespace': namespace, 'lease-name': 'rtc-operator', identity, 'poll-period-ms': '200' },
    },
  });
  await eventually(
    async () => {
      const lease = await stage.kube.get(leases, { namespace, name: 'rtc-operator' }).catch(() => undefined);
      const holder = (lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity;
      return holder?.startsWith(identity) === true ? undefined : `${holder ?? 'nobody'} leads`;
    },
    { timeoutMs: 30_000 },
  );
}

/** Until the operator that runs has ended a reconcile. */
async function untilLooked(): Promise<void> {
  const url = `http://127.0.0.1:${(await running?.metricsPort) ?? 0}/metrics`;
  await eventually(
    async () => {
      const text = await (await fetch(url)).text();
      const counts = [...text.matchAll(/^rtc_operator_reconcile_total\S* (\d+)/gm)].map(([, count]) =>
        Number(count),
      );
      return Math.max(0, ...counts) >= 1 ? undefined : `${counts.join('+')} reconciles`;
    },
    { timeoutMs: 30_000 },
  );
}

/** What a restart, a replacement or a change of the pods would change. */
async function podsOf(calls: LiveCluster): Promise<unknown> {
  const pods = await calls.untilPods(2);
  return pods.map(({ metadata, ...rest }) => ({
    ...{ name: metadata.name, uid: metadata.uid },
    spec: rest['spec'],
  }));
}

describe('helm 4', () => {
  const helm = 4;
  const namespace = 'rtc';
  const place = ['--namespace', namespace];

  test('upgrades the previous version under calls, rolls back and upgrades again: no pod of the data plane is touched', async () => {
    const { cluster } = stage;
    await cluster.helm(helm, 'install', 'rtc-operator', previousChart, ...place, '--create-namespace');
    await run('previous', namespace);
    const calls = liveCluster(stage.kube, namespace, { network: { apiPort: stagePort } });
    await calls.apply({ replicas: 2 });
    await calls.untilCondition('Ready', /^True/);
    for (const { sfu } of stage.fakes.nodes) sfu.sessions = 3;
    const before = await podsOf(calls);

    await cluster.helm(helm, 'upgrade', 'rtc-operator', chart, ...place);
    await run('current', namespace);
    await calls.untilCondition('Ready', /^True/);
    await calls.untilCondition('ImageCurrent', /^False/);
    await untilLooked();
    expect(await podsOf(calls)).toEqual(before);

    await cluster.helm(helm, 'rollback', 'rtc-operator', '1', ...place);
    await run('previous', namespace);
    await calls.untilCondition('ImageCurrent', /^True/);
    await untilLooked();
    expect(await podsOf(calls)).toEqual(before);

    await cluster.helm(helm, 'upgrade', 'rtc-operator', chart, ...place);
    await run('current', namespace);
    await calls.untilCondition('ImageCurrent', /^False/);
    await untilLooked();
    expect(await podsOf(calls)).toEqual(before);
    expect(
      stage.fakes.nodes.flatMap(({ sfu }) => sfu.requests.filter(({ call }) => call === 'POST /drain')),
    ).toEqual([]);
  }, 180_000);
});
