/** What `helm template` makes of the values in ci/, kept as text that a review can read. Needs no API server. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createToolRunner, type ToolRunner } from '../cluster/toolRunner.ts';
import { ensureTools } from '../cluster/tools.ts';
import { ensurePackages } from '../setup/packages.ts';
import { expectGolden } from '../support/golden.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const quietly = (): void => undefined;
const valuesFiles = readdirSync(join(chart, 'ci'));
let tools: ToolRunner;
beforeAll(async () => {
  await ensurePackages(['unzip'], quietly);
  tools = createToolRunner(await ensureTools(quietly), undefined, join(tmpdir(), 'rtc-chart-templates'));
}, 60_000);

/** Every object but the definitions, which have golden files of their own in crds/. */
async function rendered(helm: 3 | 4, valuesFile: string): Promise<string> {
  const values = ['--values', join(chart, 'ci', valuesFile), '--kube-version', '1.34'];
  const text = await tools.helm(helm, 'template', 'calls', chart, '--namespace', 'rtc-system', ...values);
  const documents = text.split(/^---\n/m).filter((document) => document.trim() !== '');
  return documents
    .map((document) =>
      document.includes('\nkind: CustomResourceDefinition\n') ? nameOnly(document) : document,
    )
    .map((document) => `---\n${document}`)
    .join('');
}

const nameOnly = (document: string): string =>
  `# CustomResourceDefinition ${/^ {2}name: (.*)$/m.exec(document)?.[1] ?? ''}\n`;

/** The pod of `helm test` does not go by itself there: Helm 3 takes it away before it has read its log, and then fails. */
const asHelm3Makes = (text: string): string =>
  text.replace(/(?<=hook: test\n(?: +#.*\n)*.*: before-hook-creation),hook-succeeded$/m, '');

describe('helm template', () => {
  test('is tried with values of every kind', () => {
    const names = ['bare-values.yaml', 'default-values.yaml', 'locked-values.yaml', 'namespaced-values.yaml'];
    expect(valuesFiles.toSorted()).toEqual(names);
  });

  test.each(valuesFiles)('makes the same of %s in both helms: what it made before', async (file) => {
    const text = await rendered(4, file);
    expectGolden(join(import.meta.dirname, 'golden', file.replace('-values', '')), text);
    expect(await rendered(3, file)).toBe(asHelm3Makes(text));
  });
});

describe('rights of people', () => {
  const people = async (...values: readonly string[]): Promise<string[]> => {
    const template = [
      'template',
      'calls',
      chart,
      '--namespace',
      'rtc-system',
      '--show-only',
      'templates/people.yaml',
    ];
    const text = await tools.helm(4, ...template, ...values);
    return [
      ...text.matchAll(/^kind: (.*)\nmetadata:\n {2}name: calls-rtc-operator-(.*)\n {2}namespace: (.*)$/gm),
    ].map(([, ...words]) => words.join(' '));
  };

  test('are in each watched namespace where there are no ClusterRoles', async () => {
    expect(await people('--set', 'watchNamespaces={one,two}', '--set', 'rbac.nodes=false')).toEqual([
      ...['Role viewer one', 'Role user one', 'Role viewer two', 'Role user two'],
      'Role reader rtc-system',
    ]);
  });

  test('on every port of the pods beside the operator are not made where those are SFU pods, or not wanted', async () => {
    expect(await people()).toEqual(['Role reader rtc-system']);
    expect(await people('--set', 'watchNamespaces={one,rtc-system}')).toEqual([]);
    expect(await people('--set', 'rbac.reader=false')).toEqual([]);
  });
});
