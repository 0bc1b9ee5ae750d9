/** The chart in both helms, and an operator that has no more rights than it gives; nodes and SFUs are faked. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { apiVersion } from '../../operator/api/rtccluster.ts';
import { finalizer } from '../../operator/desired/names.ts';
import { createKubeClient, type KubeClient } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import * as resources from '../../operator/kube/resources.ts';
import { silentLog } from '../../operator/ops/logger.ts';
import { releaseAll } from '../../operator/release.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { startProxy, type ApiProxy } from '../cluster/proxy.ts';
import { createAuthority } from '../cluster/certificates.ts';
import { certManagerCrd, issue } from '../support/certManager.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeNodes, type FakeNodes } from '../support/fakeNodes.ts';
import { liveCluster } from '../support/liveCluster.ts';
import { liveTurn } from '../support/liveTurn.ts';
import { startOperator, type RunningOperator } from '../support/operator.ts';
import { ofKind, podOf, unusable, unused } from './chartObjects.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const helms = [3, 4] as const;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

/** Under another namespace the definitions that the last release left have to be handed over first. */
async function install(helm: 3 | 4, namespace: string, ...values: readonly string[]): Promise<void> {
  const crds = (await cluster.kubectl('get', 'crd', '-o', 'name')).split('\n');
  const left = crds.filter((name) => name.endsWith('.rtc.progressnet.gr'));
  const owner = ['meta.helm.sh/release-name=rtc-operator', `meta.helm.sh/release-namespace=${namespace}`];
  if (left.length > 0) await cluster.kubectl('annotate', ...left, ...owner, '--overwrite');
  const place = ['--namespace', namespace, '--create-namespace'];
  await cluster.helm(helm, 'install', 'rtc-operator', chart, ...place, ...values);
}

/** Rendered objects, without those that only the end of the release has. */
const rendered = (helm: 3 | 4, ...args: readonly string[]): Promise<KubeObject[]> =>
  renderedIn('rtc', helm, '--no-hooks', ...args);

async function renderedIn(namespace: string, helm: 3 | 4, ...args: readonly string[]): Promise<KubeObject[]> {
  const text = await cluster.helm(helm, 'template', 'rtc-operator', chart, '--namespace', namespace, ...args);
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

describe.each(helms)('helm %i', (helm) => {
  test('limits who reaches the operator, on demand', async () => {
    expect(ofKind(await rendered(helm), 'NetworkPolicy')).toEqual([]);
    const from = 'networkPolicy.metricsFrom[0].podSelector.matchLabels.app=prometheus';
    const values = ['--set', 'networkPolicy.create=true', '--set', from];
    const policy = (await rendered(helm, ...values)).find(({ kind }) => kind === 'NetworkPolicy')!;
    const here = { ...policy, metadata: { ...policy.metadata, namespace: 'default' } };
    await cluster.kubectlWithInput(JSON.stringify(here), 'apply', '--dry-run=server', '-f', '-');
    expect(policy['spec']).toMatchObject({
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'prometheus' } } }] }],
    });
  });
});

describe('an operator with the rights of the chart', () => {
  let proxy: ApiProxy;
  let client: KubeClient;
  let fakes: FakeNodes;
  let operator: RunningOperator;
  const authority = createAuthority('test');
  const served = authority.issue({
    subject: { commonName: 'api' },
    usage: 'server',
    names: helms.map((helm) => `calls-rtcd.helm-${helm}.svc.cluster.local`),
  });
  const apiPort = 30_100 + (process.pid % 2_000);
  beforeAll(async () => {
    proxy = await startProxy(cluster);
    client = createKubeClient({ kubeconfig: cluster.kubeconfig });
    fakes = await startFakeNodes(cluster, client.api(), { count: 2, port: apiPort, served });
    await cluster.kubectlWithInput(JSON.stringify(certManagerCrd), 'apply', '-f', '-');
  }, 30_000);
  afterAll(async () => {
    await fakes.stop();
    await client.close();
    await proxy.close();
  });

  afterEach(() => operator.stop());

  test.each(helms)(
    'installed by helm %i does all its work, and uses every right',
    async (helm) => {
      const namespace = `helm-${helm}`;
      const elsewhere = `mattermost-${helm}`;
      await cluster.kubectl('create', 'namespace', elsewhere);
      const values = ['--set', `bindingNamespaces={${elsewhere}}`];
      await install(helm, namespace, ...values);
      const token = (await cluster.kubectl('create', 'token', '-n', namespace, 'rtc-operator')).trim();
      proxy.forget();
      operator = startOperator(proxy.kubeconfigWithToken(token), {
        'leader-election': 'true',
        'lease-namespace': namespace,
        'binding-namespaces': elsewhere,
      });
      const drain = { propagationSeconds: 0, sessionlessSeconds: 0, timeoutSeconds: 60 };
      // Another Secret for the certificate is another revision, and no update is to be waited for here.
      const base = { drain, network: { apiPort }, update: { strategy: 'OnDelete' } };
      const calls = liveCluster(client.api(), namespace, base);
      const issuerRef = { name: 'internal' };
      const binding = { namespaces: [elsewhere] };
      await calls.apply({ replicas: 2, binding, tls: { api: { mode: 'CertManager', issuerRef } } });
      await calls.untilCondition('CertificateReady', /Issuing$/);
      const [certificate] = await calls.list(resources.certificates);
      await issue(client.api(), certificate!, { ...served, ca: authority.certificate });
      await calls.untilCondition('Ready', /^True/);
      const tls = { api: { mode: 'Secret', secretName: 'calls-api-tls' } };
      await calls.apply({ replicas: 1, disruption: { budget: 'None' }, tls });
      await calls.untilPods(1);
      const edge = liveTurn(client.api(), namespace);
      await edge.apply({ placement: { replicas: 0 } });
      await edge.untilCondition('Ready', /^True/);
      await edge.remove();
      await edge.untilGone();
      await calls.remove();
      await eventually(async () => ((await calls.isGone()) ? undefined : 'it is still there'));
      await operator.stop(); // Releases the lease, as long as it has the right to.
      await cluster.helm(helm, 'uninstall', 'rtc-operator', '--namespace', namespace, '--no-hooks');
      expect(await cluster.kubectl('get', 'crd', '-o', 'name')).toContain('rtcclusters');
      expect(unused(Object.keys(proxy.counts()))).toEqual(unusable);
    },
    120_000,
  );
});

describe('helm uninstall', () => {
  const namespace = 'uninstalled';
  const ending = (...args: readonly string[]): Promise<KubeObject[]> =>
    renderedIn(namespace, 4, '--show-only', 'templates/uninstall.yaml', ...args);

  test('lets go of RTCClusters and TurnServers with no more rights than that needs; its Job has no node here', async () => {
    await install(4, namespace);
    const manifest = {
      apiVersion,
      kind: 'RTCCluster',
      metadata: { name: 'left', namespace, finalizers: [finalizer, 'their.org/own'] },
      spec: { replicas: 1 },
    };
    const turnServer = { ...manifest, kind: 'TurnServer', spec: {} };
    for (const one of [manifest, turnServer])
      await cluster.kubectlWithInput(JSON.stringify(one), 'apply', '-f', '-');
    await cluster.helm(4, 'uninstall', 'rtc-operator', '--namespace', namespace, '--no-hooks');
    const hooks = await ending();
    for (const { metadata } of hooks) expect(metadata.annotations?.['helm.sh/hook']).toBe('post-delete');
    const list = { apiVersion: 'v1', kind: 'List', items: hooks.filter(({ kind }) => kind !== 'Job') };
    await cluster.kubectlWithInput(JSON.stringify(list), 'apply', '-f', '-');
    const job = hooks.find(({ kind }) => kind === 'Job');
    await cluster.kubectlWithInput(JSON.stringify(job), 'apply', '--dry-run=server', '-f', '-');
    const proxy = await startProxy(cluster);
    const token = await cluster.kubectl('create', 'token', '-n', namespace, 'rtc-operator-uninstall');
    const client = createKubeClient({ kubeconfig: proxy.kubeconfigWithToken(token.trim()) });
    await releaseAll({ kube: client.api(), log: silentLog, namespaces: [] });
    for (const resource of [resources.rtcclusters, resources.turnservers]) {
      const left = await client.api().list(resource, { limit: 10 });
      expect(left.items.map(({ metadata }) => metadata.finalizers)).toEqual([['their.org/own']]);
    }
    await client.close();
    await proxy.close();
  }, 60_000);

  test('leaves them held where the values say so, and asks for a Role in each watched namespace', async () => {
    await expect(ending('--set', 'uninstall.release=false')).rejects.toThrow('could not find template');
    const scoped = await ending('--set', 'watchNamespaces={one,two}');
    expect(scoped.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
      ...[`ServiceAccount ${namespace}`, 'Role one', 'Role two', 'RoleBinding one', 'RoleBinding two'],
      `Job ${namespace}`,
    ]);
  });
});

test('every pod that the chart starts is admitted where Pod Security is restricted', async () => {
  await cluster.kubectl('create', 'namespace', 'strict');
  await cluster.kubectl('label', 'namespace', 'strict', 'pod-security.kubernetes.io/enforce=restricted');
  const starters = (await renderedIn('strict', 4)).filter((object) => podOf(object) !== undefined);
  expect(starters.map(({ kind }) => kind).toSorted()).toEqual(['Deployment', 'Job', 'Pod']);
  for (const starter of starters) {
    const pod = JSON.stringify({ ...podOf(starter), apiVersion: 'v1', kind: 'Pod' });
    await cluster.kubectlWithInput(
      pod
        .replace('"metadata":{', `"metadata":{"name":"one","namespace":"strict",`)
        .replace(/"serviceAccountName":"[^"]*",/, ''),
      'create',
      '--dry-run=server',
      '-f',
      '-',
    );
  }
});
