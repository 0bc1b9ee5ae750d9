import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { rtcClusterCrd, turnServerCrd } from '../../../operator/api/crd.ts';
import { rtcClusterSchema } from '../../../operator/api/rtccluster.ts';
import { type CrdSchema, structural } from '../../../operator/api/structural.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { aTurnServer } from '../../support/turnservers.ts';

interface Version {
  readonly schema: { readonly openAPIV3Schema: CrdSchema };
}
const [cluster] = rtcClusterCrd().spec['versions'] as [Version];
const [turn] = turnServerCrd().spec['versions'] as [Version];

/** Every node of a schema with its path. */
function* nodes(schema: CrdSchema, path = ''): Generator<[string, CrdSchema]> {
  yield [path, schema];
  for (const [name, child] of Object.entries(schema.properties ?? {})) yield* nodes(child, `${path}.${name}`);
  if (schema.items) yield* nodes(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* nodes(schema.additionalProperties, `${path}.*`);
}

describe.each([
  ['RTCCluster', cluster, { ...aCluster().spec, replicas: undefined }],
  ['TurnServer', turn, aTurnServer().spec],
])('the CRD of %s', (_, version, defaulted) => {
  const root = version.schema.openAPIV3Schema;

  test('types every node, so that the API server takes it as structural', () => {
    const untyped = [...nodes(root)].filter(
      ([, node]) => node.type === undefined && node['x-kubernetes-int-or-string'] !== true,
    );
    expect(untyped.map(([path]) => path)).toEqual([]);
  });

  test('documents every field of spec and status', () => {
    const silent = [...nodes(root)].filter(
      ([path, node]) =>
        /^\.(spec|status)\./.test(path) &&
        !path.endsWith(']') &&
        !path.endsWith('.*') &&
        node.description === undefined,
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('bounds every list, so that the cost of CEL rules is bounded', () => {
    const boundless = [...nodes(root)].filter(
      ([, node]) => node.type === 'array' && node['maxItems'] === undefined,
    );
    expect(boundless.map(([path]) => path)).toEqual([]);
  });

  test('says of every list how it is merged', () => {
    const silent = [...nodes(root)].filter(
      ([, node]) => node.type === 'array' && node['x-kubernetes-list-type'] === undefined,
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('uses no pattern that RE2 refuses', () => {
    const patterns = [...nodes(root)].map(([, node]) => node['pattern']).filter((p) => p !== undefined);
    expect(patterns.filter((pattern) => JSON.stringify(pattern).includes('(?'))).toEqual([]);
  });

  test('defaults to the same values as the operator itself', () => {
    const spec = root.properties?.['spec']?.properties ?? {};
    const defaults = Object.fromEntries(
      Object.entries(spec).flatMap(([name, node]) => ('default' in node ? [[name, node.default]] : [])),
    );
    expect(defaults).toEqual(defaulted);
  });
});

test.each([
  ['spec.replicas', cluster],
  ['spec.placement.replicas', turn],
])('the scale subresource is over %s', (path, version) => {
  expect(version).toMatchObject({
    subresources: { scale: { specReplicasPath: `.${path}`, labelSelectorPath: '.status.selector' } },
  });
});

describe('a schema that a CRD cannot express', () => {
  test.each([
    ['union', z.object({ a: z.union([z.string(), z.boolean()]) }), '$.a: a CRD cannot express anyOf'],
    ['tuple', z.object({ a: z.tuple([z.string(), z.int()]) }), '$.a[]: a CRD cannot express anyOf'],
  ])('is refused with its path: %s', (_, schema, message) => {
    expect(() => structural(schema)).toThrow(message);
  });
});

test('an RTCCluster without spec is refused by name', () => {
  const result = rtcClusterSchema.safeParse({
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata: { name: 'a', namespace: 'b', uid: 'c' },
  });
  expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['spec']);
});
