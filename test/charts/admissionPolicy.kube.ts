/** Who may delete an SFU pod with calls by hand, on a real API server: the real controllers where they act by themselves, else in their name. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { annotations, labels as ours } from '../../operator/desired/names.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { eventually } from '../support/eventually.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const node = 'n1';
let cluster: Cluster;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  const values = ['--set', 'admissionPolicy.create=true', '--set', 'admissionPolicy.allowedUsers={robot}'];
  const args = ['template', 'rtc-operator', chart, '--namespace', 'rtc', '--kube-version', '1.35', ...values];
  const objects = parseAllDocuments(await cluster.helm(4, ...args)).map(
    (document) => document.toJS() as KubeObject,
  );
  for (const object of objects.filter(({ kind }) => kind.startsWith('ValidatingAdmission')))
    await cluster.kubectlWithInput(JSON.stringify(object), 'create', '-f', '-');
  await create({ apiVersion: 'v1', kind: 'Node', metadata: { name: node } });
  await namespace('media');
  // The policy holds a moment after it was written.
  await eventually(async () => {
    const error = await deletion(await pod());
    return error === undefined ? 'a busy pod can still be deleted' : undefined;
  });
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

async function create(object: object): Promise<void> {
  await cluster.kubectlWithInput(JSON.stringify(object), 'create', '-f', '-');
}

async function namespace(name: string): Promise<void> {
  await cluster.kubectl('create', 'namespace', name);
  await eventually(() =>
    cluster.kubectl('get', '-n', name, 'serviceaccount', 'default').then(() => undefined),
  );
}

interface PodOptions {
  readonly in?: string;
  readonly isBusy?: boolean;
  readonly metadata?: object;
  readonly nodeName?: string;
}

/** A pod as the operator labels it; resolves to its name. No kubelet runs it: what counts is who may delete it. */
async function pod(options: PodOptions = {}): Promise<string> {
  const name = `calls-sfu-${++count}`;
  const labels = {
    [ours.role]: 'sfu',
    ...(options.isBusy !== false && { [ours.busy]: 'true' }),
  };
  const { nodeName } = options;
  await create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: options.in ?? 'media', labels, ...options.metadata },
    spec: { containers: [{ name: 'sfu', image: 'sfu' }], ...(nodeName !== undefined && { nodeName }) },
  });
  return name;
}

/** Undefined when it may be deleted, else what the API server says. */
async function deletion(name: string, ...as: readonly string[]): Promise<string | undefined> {
  const flags = as.flatMap((who, index) => [index === 0 ? '--as' : '--as-group', who]);
  return cluster.kubectl('delete', 'pod', '-n', 'media', name, '--grace-period=0', '--force', ...flags).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

async function untilGone(name: string, from = 'media'): Promise<void> {
  await eventually(
    async () => {
      const path = 'jsonpath={.metadata.deletionTimestamp}';
      const found = await cluster.kubectl('get', 'pod', '-n', from, name, '--ignore-not-found', '-o', path);
      const list = await cluster.kubectl('get', 'pods', '-n', from, '-o', 'name');
      return found !== '' || !list.includes(`pod/${name}\n`) ? undefined : `${name} is still there`;
    },
    { timeoutMs: 30_000 },
  );
}

const account = (name: string, from = 'kube-system'): string[] => [
  `system:serviceaccount:${from}:${name}`,
  'system:serviceaccounts',
  `system:serviceaccounts:${from}`,
  'system:authenticated',
];

describe('a pod with calls', () => {
  test('is kept from a person, who is told what to do instead', async () => {
    const name = await pod();
    expect(await deletion(name)).toContain(
      `pod ${name} is in DNS or carries calls. To have it emptied and removed: kubectl annotate pod -n media ${name} ${annotations.requestedState}=Draining.`,
    );
  });

  test('is kept from a person who deletes all pods of the namespace in one request', async () => {
    await pod();
    await expect(cluster.kubectl('delete', '--raw', '/api/v1/namespaces/media/pods')).rejects.toThrow(
      /carries calls/,
    );
  });

  test.each<[string, string[]]>([
    ['the kubelet of its node', [`system:node:${node}`, 'system:nodes', 'system:authenticated']],
    ['the pod garbage collector', account('pod-garbage-collector')],
    ['the scheduler', ['system:kube-scheduler', 'system:authenticated']],
  ])('may be deleted by %s', async (_, as) => {
    expect(await deletion(await pod({ nodeName: node }), ...as)).toBeUndefined();
  });

  test.each<[string, string[]]>([
    ['the operator', account('rtc-operator', 'rtc')],
    ['controllers that share one identity', ['system:kube-controller-manager', 'system:authenticated']],
    ['who the chart names', ['robot']],
  ])('may be deleted by %s', async (_, as) => {
    const [user = ''] = as;
    await cluster.kubectl(
      'create',
      'clusterrolebinding',
      `binding-${++count}`,
      '--clusterrole=edit',
      '--user',
      user,
    );
    await eventually(async () => deletion(await pod(), ...as));
  });

  test('goes with its owner: the real garbage collector', async () => {
    const owner = `owner-${++count}`;
    await cluster.kubectl('create', '-n', 'media', 'configmap', owner);
    const uid = await cluster.kubectl(
      'get',
      '-n',
      'media',
      'configmap',
      owner,
      '-o',
      'jsonpath={.metadata.uid}',
    );
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid };
    const name = await pod({ metadata: { ownerReferences: [reference] } });
    await cluster.kubectl('delete', '-n', 'media', 'configmap', owner);
    await untilGone(name);
  }, 40_000);

  test('goes with its namespace: the real namespace controller', async () => {
    await namespace('short');
    const name = await pod({ in: 'short' });
    await cluster.kubectl('delete', 'namespace', 'short', '--wait=false');
    await untilGone(name, 'short');
  }, 40_000);

  test('goes from a node that sends its pods away: the real taint eviction controller', async () => {
    const name = await pod({ nodeName: node });
    await cluster.kubectl('taint', 'node', node, 'away=true:NoExecute');
    await untilGone(name);
  }, 40_000);

  test('may be deleted by a person who says so on it', async () => {
    const metadata = { annotations: { 'rtc.progressnet.gr/allow-delete': 'true' } };
    expect(await deletion(await pod({ metadata }))).toBeUndefined();
  });
});

test('a pod without calls may be deleted by anybody who has the right to', async () => {
  expect(await deletion(await pod({ isBusy: false }))).toBeUndefined();
});
