/** Schema → CustomResourceDefinition document: what zod cannot say in the API server's dialect is put right here. */
import { z } from 'zod';
import { apiGroup, apiVersionName } from './rtccluster.ts';
import { objectRules } from './rules.ts';
import { specSchema } from './rtcclusterSpec.ts';
import { statusSchema } from './rtcclusterStatus.ts';

/** A JSON schema node in the structural dialect of apiextensions/v1. */
export interface CrdSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly items?: CrdSchema;
  readonly additionalProperties?: CrdSchema | boolean;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** apiextensions.k8s.io/v1 CustomResourceDefinition, as far as we write it. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The CustomResourceDefinition of RTCCluster. */
export function rtcClusterCrd(): Crd {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `rtcclusters.${apiGroup}` },
    spec: {
      group: apiGroup,
      names: {
        plural: 'rtcclusters',
        singular: 'rtccluster',
        kind: 'RTCCluster',
        listKind: 'RTCClusterList',
        shortNames: ['rtc'],
        categories: ['all'],
      },
      scope: 'Namespaced',
      versions: [version()],
    },
  };
}

function version(): Record<string, unknown> {
  return {
    name: apiVersionName,
    served: true,
    storage: true,
    subresources: {
      status: {},
      scale: {
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    },
    additionalPrinterColumns: columns,
    schema: { openAPIV3Schema: rootSchema() },
  };
}

const ready = (field: string): string => `.status.conditions[?(@.type=="Ready")].${field}`;

const columns = [
  { name: 'Published', type: 'integer', jsonPath: '.status.publishedPods', description: 'Pods in DNS' },
  { name: 'Desired', type: 'integer', jsonPath: '.status.desiredPods', description: 'Serving pods wanted' },
  { name: 'Draining', type: 'integer', jsonPath: '.status.drainingPods', description: 'Pods being emptied' },
  { name: 'Sessions', type: 'integer', jsonPath: '.status.sessions.current', description: 'People in calls' },
  { name: 'Updated', type: 'integer', jsonPath: '.status.updatedPods', priority: 1 },
  { name: 'Revision', type: 'string', jsonPath: '.status.updateRevision', priority: 1 },
  { name: 'Ready', type: 'string', jsonPath: ready('status') },
  { name: 'Reason', type: 'string', jsonPath: ready('reason') },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

function rootSchema(): CrdSchema {
  return {
    type: 'object',
    description: 'A group of SFU pods that carry the calls of one or more Mattermost installations.',
    required: ['spec'],
    'x-kubernetes-validations': objectRules,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: {
        ...structural(specSchema),
        description: 'What is wanted. kubectl explain rtccluster.spec --recursive lists it all.',
      },
      status: { ...structural(statusSchema), description: 'What was seen last.' },
    },
  };
}

/** A zod object as structural schema; throws on what a CRD cannot express. */
export function structural(schema: z.ZodType): CrdSchema {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return translated(json as CrdSchema, '$');
}

const intOrString = 'x-kubernetes-int-or-string';
const composites = ['anyOf', 'oneOf', 'allOf', 'not', '$ref'] as const;

function translated(node: CrdSchema, path: string): CrdSchema {
  if (node[intOrString] === true)
    return { [intOrString]: true, ...(node.pattern === undefined ? {} : { pattern: node.pattern }) };
  const composite = composites.find((keyword) => keyword in node);
  if (composite !== undefined) throw new TypeError(`${path}: a CRD cannot express ${composite}`);
  const { additionalProperties: values, ...rest } = node;
  const result: CrdSchema = {
    ...rest,
    ...translatedChildren(node, path),
    ...(typeof values === 'object' && { additionalProperties: translated(values, `${path}.*`) }),
    ...integerFormat(node),
  };
  return 'default' in result ? { ...result, default: completeDefault(result) } : result;
}

function translatedChildren(node: CrdSchema, path: string): Partial<CrdSchema> {
  return {
    ...(node.properties && {
      properties: Object.fromEntries(
        Object.entries(node.properties).map(([name, child]) => [name, translated(child, `${path}.${name}`)]),
      ),
    }),
    ...(node.items && { items: translated(node.items, `${path}[]`) }),
  };
}

/** Drops zod's bounds of a safe integer, which say nothing, and names the Go type instead. */
function integerFormat(node: CrdSchema): Partial<CrdSchema> {
  if (node.type !== 'integer') return {};
  const bounded = node['maximum'] !== undefined && Number(node['maximum']) < 2 ** 31;
  return {
    format: bounded ? 'int32' : 'int64',
    ...(node['maximum'] === Number.MAX_SAFE_INTEGER && { maximum: undefined }),
    ...(node['minimum'] === Number.MIN_SAFE_INTEGER && { minimum: undefined }),
  };
}

/**
 * The API server checks CEL rules against the bare default of an object, before
 * the defaults of its members are filled in. So an object's default is written out.
 */
function completeDefault(node: CrdSchema): unknown {
  if (node.properties === undefined) return node.default;
  const members = Object.entries(node.properties)
    .filter(([, child]) => 'default' in child)
    .map(([name, child]) => [name, child.default]);
  return { ...(Object.fromEntries(members) as object), ...(node.default as object) };
}
