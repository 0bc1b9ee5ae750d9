/** Objects of an earlier version on a real API server: its definition makes them, today's takes over and gives them back. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { rtcClusterCrd, turnServerCrd } from '../../operator/api/crd.ts';
import { previousCrd } from '../charts/previous/previous.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { eventually } from '../support/eventually.ts';

const samples = join(import.meta.dirname, 'v1alpha1');
const files = readdirSync(samples);
interface Spec {
  readonly [field: string]: unknown;
}
let cluster: Cluster;
const before = new Map<string, Spec>();
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  await defineAll(previousCrd);
  await eventually(() => cluster.kubectl('get', 'rtc,turn').then(() => undefined));
  for (const file of files) {
    await cluster.kubectl('create', 'namespace', placeOf(file));
    await cluster.kubectl('apply', '-n', placeOf(file), '-f', join(samples, file));
    before.set(file, await specOf(file));
  }
}, 120_000);
afterAll(() => cluster.stop(), 30_000);

const define = (crd: unknown): Promise<string> =>
  cluster.kubectlWithInput(
    stringify(crd, { version: '1.1', lineWidth: 0 }),
    'apply',
    '--server-side',
    '--force-conflicts',
    '-f',
    '-',
  );

const plurals = ['rtcclusters', 'turnservers'] as const;
type Plural = (typeof plurals)[number];
const today = { rtcclusters: rtcClusterCrd(), turnservers: turnServerCrd() };

async function defineAll(definitionOf: (plural: Plural) => unknown): Promise<void> {
  for (const plural of plurals) await define(definitionOf(plural));
}

/** Samples share a name. */
const placeOf = (file: string): string => file.replace('.yaml', '');
/** `rtccluster/calls`. */
function nameIn(file: string): string {
  const { kind, metadata } = parse(readFileSync(join(samples, file), 'utf8')) as {
    kind: string;
    metadata: { name: string };
  };
  return `${kind.toLowerCase()}/${metadata.name}`;
}

async function specOf(file: string): Promise<Spec> {
  const text = await cluster.kubectl('get', '-n', placeOf(file), nameIn(file), '-o', 'json');
  return (JSON.parse(text) as { spec: Spec }).spec;
}

/** The new version's definition holds once its own default shows. */
async function untilCurrent(): Promise<void> {
  await defineAll((plural) => today[plural]);
  for (const plural of plurals)
    await eventually(async () => {
      const path = 'jsonpath={.items[0].status.observedGeneration}';
      const text = await cluster.kubectl('get', plural, '-A', '-o', path);
      return text === '-1' ? undefined : `the definition of ${plural} does not hold yet`;
    });
}

test('mean the same today, can be edited and applied again, and go back as they were', async () => {
  await untilCurrent();
  for (const file of files) {
    expect(await specOf(file)).toMatchObject(before.get(file)!);
    await cluster.kubectl('annotate', '-n', placeOf(file), nameIn(file), 'edited=yes');
    await cluster.kubectl('apply', '-n', placeOf(file), '-f', join(samples, file));
    expect(await specOf(file)).toMatchObject(before.get(file)!);
  }
  await defineAll(previousCrd);
  await eventually(async () => {
    for (const file of files) {
      const [now, then] = [JSON.stringify(await specOf(file)), JSON.stringify(before.get(file))];
      if (now !== then) return `${file} is ${now}, not ${then}`;
    }
    return undefined;
  });
}, 60_000);
