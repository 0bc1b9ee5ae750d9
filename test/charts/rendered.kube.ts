/** What values make of the objects of the chart, in both helms. Needs no API server. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../operator/kube/api.ts';
import { createToolRunner, type ToolRunner } from '../cluster/toolRunner.ts';
import { ensureTools } from '../cluster/tools.ts';
import { ensurePackages } from '../setup/packages.ts';
import { isOperatorsRole, ofKind } from './chartObjects.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const quietly = (): void => undefined;
let tools: ToolRunner;
beforeAll(async () => {
  await ensurePackages(['unzip'], quietly);
  tools = createToolRunner(await ensureTools(quietly), undefined, join(tmpdir(), 'rtc-chart-rendered'));
}, 60_000);

/** Without those that only the end of the release has. */
async function rendered(helm: 3 | 4, ...args: readonly string[]): Promise<KubeObject[]> {
  const where = ['--namespace', 'rtc', '--no-hooks'];
  const text = await tools.helm(helm, 'template', 'rtc-operator', chart, ...where, ...args);
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

describe.each([3, 4] as const)('helm %i', (helm) => {
  test('finds nothing to say', async () => {
    expect(await tools.helm(helm, 'lint', '--strict', chart)).toContain('0 chart(s) failed');
  });

  test('renders rights in all namespaces', async () => {
    const objects = await rendered(helm);
    expect(ofKind(objects, 'ClusterRole').toSorted()).toEqual([
      'rtc-rtc-operator',
      'rtc-rtc-operator-user',
      'rtc-rtc-operator-viewer',
    ]);
    expect(ofKind(objects, 'Role').toSorted()).toEqual(['rtc-operator-lease', 'rtc-operator-reader']);
  });

  test('renders rights in the watched namespaces alone', async () => {
    const objects = await rendered(helm, '--set', 'watchNamespaces={one,two}');
    const nodes = objects.find(isOperatorsRole);
    expect((nodes?.['rules'] as { resources: string[] }[]).map(({ resources }) => resources)).toEqual([
      ['nodes'],
      ['namespaces'],
    ]);
    const namespaces = objects
      .filter(({ kind }) => kind === 'Role')
      .map(({ metadata }) => metadata.namespace);
    expect(namespaces).toEqual(expect.arrayContaining(['one', 'two', 'rtc']));
  });

  test('renders nothing outside the watched namespaces where nodes are not to be seen', async () => {
    const objects = await rendered(helm, '--set', 'watchNamespaces={one}', '--set', 'rbac.nodes=false');
    expect(objects.filter(({ kind }) => kind.startsWith('ClusterRole'))).toEqual([]);
    const everywhere = await rendered(helm, '--set', 'rbac.nodes=false');
    const role = everywhere.find(isOperatorsRole);
    expect(JSON.stringify(role)).not.toContain('"nodes"');
  });

  test('lets a node drain take one of two replicas at a time', async () => {
    const [budget] = (await rendered(helm)).filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budget?.['spec']).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect(ofKind(await rendered(helm, '--set', 'replicas=1'), 'PodDisruptionBudget')).toEqual([]);
  });

  test('makes a PriorityClass for SFU pods where it is asked to', async () => {
    const set = ['--set', 'sfuPriorityClass.create=true', '--set', 'sfuPriorityClass.name=voice'];
    const [made] = (await rendered(helm, ...set)).filter(({ kind }) => kind === 'PriorityClass');
    expect(made).toMatchObject({ metadata: { name: 'voice' }, value: 1_000_000 });
    expect(ofKind(await rendered(helm), 'PriorityClass')).toEqual([]);
  });

  test('keeps the CRD, or leaves it out', async () => {
    const [crd] = (await rendered(helm)).filter(({ kind }) => kind === 'CustomResourceDefinition');
    expect(crd?.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
    expect(ofKind(await rendered(helm, '--set', 'crds.install=false'), 'CustomResourceDefinition')).toEqual(
      [],
    );
  });

  test('refuses a value that is not there, by name', async () => {
    await expect(rendered(helm, '--set', 'replica=2')).rejects.toThrow(/additional propert.*replica/is);
  });
});
