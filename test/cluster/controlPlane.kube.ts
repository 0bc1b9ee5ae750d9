import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { eventually } from '../support/eventually.ts';
import { startCluster } from './cluster.ts';
import { currentCluster } from './current.ts';
import type { Cluster } from './options.ts';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'kettles.test.example' },
  spec: {
    group: 'test.example',
    scope: 'Namespaced',
    names: { plural: 'kettles', singular: 'kettle', kind: 'Kettle' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { litres: { type: 'integer' } },
                'x-kubernetes-validations': [{ rule: 'self.litres < 5', message: 'litres: at most 4' }],
              },
            },
          },
        },
      },
    ],
  },
};
const kettle = (name: string, litres: number): string =>
  JSON.stringify({ apiVersion: 'test.example/v1', kind: 'Kettle', metadata: { name }, spec: { litres } });

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  await apply(JSON.stringify(definition));
  await eventually(() => cluster.kubectl('get', 'kettles').then(() => undefined)); // Served a little after Established.
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

async function apply(manifest: string): Promise<string> {
  return cluster.kubectlWithInput(manifest, 'apply', '-f', '-');
}

test('a custom resource is stored, and a watch of the Kubernetes client sees it', async () => {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const seen: string[] = [];
  const path = '/apis/test.example/v1/namespaces/default/kettles';
  const watch = await new Watch(config).watch(
    path,
    {},
    (phase, object: { metadata: { name: string } }) => void seen.push(`${phase} ${object.metadata.name}`),
    () => undefined,
  );
  await apply(kettle('green', 2));
  await eventually(() => (seen.includes('ADDED green') ? undefined : `seen so far: ${seen.join(', ')}`));
  watch.abort();
});

test('rules of the schema hold, and say what is wrong', async () => {
  await expect(apply(kettle('huge', 9))).rejects.toThrow('litres: at most 4');
});

test('the garbage collector deletes what a deleted owner owned', async () => {
  await cluster.kubectl('create', 'configmap', 'owner');
  const uid = await cluster.kubectl('get', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}');
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
  await apply(
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'owned', ownerReferences } }),
  );
  await cluster.kubectl('delete', 'configmap', 'owner');
  await cluster.kubectl('wait', '--for=delete', 'secret/owned', '--timeout=10s');
});

test('a disruption budget is computed by its controller', async () => {
  await cluster.kubectl(
    'create',
    'poddisruptionbudget',
    'calm',
    '--selector=app=calm',
    '--max-unavailable=0',
  );
  await eventually(async () => {
    const observed = await cluster.kubectl(
      'get',
      'pdb',
      'calm',
      '-o',
      'jsonpath={.status.observedGeneration}',
    );
    return observed === '1' ? undefined : 'no status yet';
  });
});

test('both helms talk to it', async () => {
  expect(await cluster.helm(3, 'list', '-o', 'json')).toBe('[]\n');
  expect(await cluster.helm(4, 'list', '-o', 'json')).toBe('[]\n');
  expect(await cluster.helm(3, 'version', '--short')).toMatch(/^v3\.17/);
  expect(await cluster.helm(4, 'version', '--short')).toMatch(/^v4\.1/);
});

test('a control plane that lost its power comes back with its data', async () => {
  await cluster.powerOff('control-plane');
  await expect(cluster.kubectl('get', 'namespaces', '--request-timeout=1s')).rejects.toThrow();
  await cluster.powerOn('control-plane');
  expect(await cluster.kubectl('get', 'kettles', '-o', 'name')).toContain('kettle.test.example/green');
  expect(cluster.failures).toEqual([]);
}, 60_000);

test('a second cluster at the same time is another one', async () => {
  const other = await startCluster({ nodes: 0, dns: true });
  try {
    expect(other.server).not.toBe(cluster.server);
    await expect(other.kubectl('get', 'kettles')).rejects.toThrow();
    expect(await cluster.kubectl('get', 'crd', '-o', 'name')).toContain('kettles');
  } finally {
    await other.stop();
  }
}, 60_000);

test('a cluster that exists is found through the current kubeconfig', async () => {
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = cluster.kubeconfig;
  const current = await currentCluster(() => undefined);
  expect(current.nodes).toEqual([]);
  expect(await current.kubectl('get', 'crd', '-o', 'name')).toContain('kettles');
  await current.leave();
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
});

test('a program that cannot start is named, with the end of its log, and nothing stays behind', async () => {
  const start = startCluster({ nodes: 0, apiServerFlags: ['--no-such-flag'] });
  await expect(start).rejects.toThrow(/kube-apiserver on control-plane ended with 1.*no-such-flag/s);
}, 60_000);
