/** What an earlier release leaves, and a second one beside it, on a real API server with both helms. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';

const root = join(import.meta.dirname, '../..');
const chart = join(root, 'charts/rtc-operator');
const kinds = ['rtcclusters', 'turnservers'].map((plural) => `${plural}.rtc.progressnet.gr`);
type Helm = 3 | 4;
let cluster: Cluster;
let count = 0;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

interface Release {
  readonly helm: Helm;
  readonly name: string;
  readonly namespace: string;
}

/** Another name in another namespace. */
function release(helm: Helm): Release {
  count += 1;
  return { helm, name: `release-${count}`, namespace: `system-${count}` };
}

const install = ({ helm, name, namespace }: Release, ...values: readonly string[]): Promise<string> =>
  cluster.helm(helm, 'install', name, chart, '--namespace', namespace, '--create-namespace', ...values);

/** The Job of its hook would wait for a node. */
const uninstall = ({ helm, name, namespace }: Release): Promise<string> =>
  cluster.helm(helm, 'uninstall', name, '--namespace', namespace, '--no-hooks');

async function refusal(attempt: Promise<string>): Promise<string> {
  return attempt.then(
    () => '',
    (error: unknown) => String(error),
  );
}

/** Does what the message says is to be done. */
async function obey(message: string): Promise<void> {
  const commands = [...message.matchAll(/^ *kubectl (.*)$/gm)].map(([, words = '']) => words.split(' '));
  expect(commands.map(([verb]) => verb)).toEqual(['label', 'annotate']);
  for (const words of commands) await cluster.kubectl(...words);
}

describe('definitions that an uninstalled release left', () => {
  const object = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', spec: { replicas: 1 } };
  const uid = ['get', 'rtc', 'calls', '-n', 'default', '-o', 'jsonpath={.metadata.uid}'];
  let old = release(3);
  let made = '';
  beforeAll(async () => {
    await install(old);
    const manifest = JSON.stringify({ ...object, metadata: { name: 'calls', namespace: 'default' } });
    await cluster.kubectlWithInput(manifest, 'apply', '-f', '-');
    made = await cluster.kubectl(...uid);
  }, 30_000);

  test.each<[Helm, Helm]>([
    [3, 3],
    [3, 4],
    [4, 4],
    [4, 3],
  ])(
    'by helm %i are handed to another one by helm %i with the commands of its refusal; objects live on',
    async (_, helm) => {
      const next = release(helm);
      await uninstall(old);
      const message = await refusal(install(next));
      expect(message).toContain(
        `belong to the release ${old.name} in namespace ${old.namespace}, not to ${next.name} in namespace ${next.namespace}`,
      );
      await obey(message);
      await install(next);
      expect(await cluster.kubectl(...uid)).toBe(made);
      old = next;
    },
    60_000,
  );

  afterAll(async () => {
    await uninstall(old);
    for (const kind of kinds) await cluster.kubectl('delete', 'crd', kind);
  }, 60_000);
});

test('definitions made by kubectl are handed over in the same way, those alone that are there', async () => {
  const [rtcclusters = '', turnservers = ''] = kinds;
  await cluster.kubectl('apply', '--server-side', '-f', join(root, `crds/${rtcclusters}.yaml`));
  const next = release(4);
  const message = await refusal(install(next));
  expect(message).toContain('belong to no release of Helm');
  expect(message).not.toContain(turnservers);
  await obey(message);
  await install(next);
  await cluster.helm(3, 'upgrade', next.name, chart, '--namespace', next.namespace);
  await uninstall(next);
}, 60_000);

describe('a second release', () => {
  const first = { helm: 3, name: 'first', namespace: 'first' } as const;
  const second = { helm: 4, name: 'second', namespace: 'second' } as const;
  const serving = (namespace: string): string[] => ['--set', `watchNamespaces={${namespace}}`];
  const without = ['--set', 'crds.install=false'];
  beforeAll(async () => {
    for (const name of ['one', 'two']) await cluster.kubectl('create', 'namespace', name);
    await install(first, '--set', 'crds.install=false', ...serving('one'));
  }, 30_000);

  test('leaves the definitions to others, and serves namespaces of its own', async () => {
    await install(second, ...without, ...serving('two'));
    await cluster.helm(
      4,
      'upgrade',
      second.name,
      chart,
      '-n',
      second.namespace,
      ...without,
      ...serving('two'),
    );
    await uninstall(second);
    for (const kind of kinds) await cluster.kubectl('get', 'crd', kind);
  });

  test.each<[string, string[], string]>([
    ['a namespace that the first serves', serving('one'), 'namespace one'],
    ['every namespace', [], 'namespace one'],
  ])('is refused %s', async (_, values, where) => {
    const message = await refusal(install(second, ...without, ...values));
    expect(message).toContain(
      `The release first in namespace first has an operator that serves the RTCClusters of ${where}`,
    );
  });

  test('is refused every namespace, or one, when the first has them all', async () => {
    await cluster.helm(3, 'upgrade', first.name, chart, '-n', first.namespace, '--reset-values', ...without);
    for (const values of [[], serving('two')])
      expect(await refusal(install(second, ...without, ...values))).toContain('every namespace');
  });
});
