/** The CustomResourceDefinitions, made from the schemas. */
import type { z } from 'zod';
import { apiGroup, apiVersionName } from './rtccluster.ts';
import { objectRules } from './rules.ts';
import { specSchema } from './rtcclusterSpec.ts';
import { statusSchema } from './rtcclusterStatus.ts';
import type { CelRule } from './shared.ts';
import { type CrdSchema, structural } from './structural.ts';
import { turnObjectRules, turnSpecSchema } from './turnserverSpec.ts';
import { turnStatusSchema } from './turnserverStatus.ts';

/** apiextensions.k8s.io/v1 CustomResourceDefinition, as far as we write it. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What the definition of one kind is made of. */
interface Kind {
  readonly kind: string;
  readonly shortName: string;
  readonly description: string;
  /** The field that `kubectl scale` writes. */
  readonly replicasPath: string;
  readonly columns: readonly Readonly<Record<string, unknown>>[];
  readonly rules: readonly CelRule[];
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
}

const ready = (field: string): string => `.status.conditions[?(@.type=="Ready")].${field}`;
const verdict = [
  { name: 'Ready', type: 'string', jsonPath: ready('status') },
  { name: 'Reason', type: 'string', jsonPath: ready('reason') },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];
const revisions = [
  { name: 'Updated', type: 'integer', jsonPath: '.status.updatedPods', priority: 1 },
  { name: 'Revision', type: 'string', jsonPath: '.status.updateRevision', priority: 1 },
];

const rtcCluster: Kind = {
  kind: 'RTCCluster',
  shortName: 'rtc',
  description: 'A group of SFU pods that carry the calls of one or more Mattermost installations.',
  replicasPath: '.spec.replicas',
  columns: [
    { name: 'Published', type: 'integer', jsonPath: '.status.publishedPods', description: 'Pods in DNS' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.desiredPods', description: 'Serving pods wanted' },
    {
      name: 'Draining',
      type: 'integer',
      jsonPath: '.status.drainingPods',
      description: 'Pods being emptied',
    },
    {
      name: 'Sessions',
      type: 'integer',
      jsonPath: '.status.sessions.current',
      description: 'People in calls',
    },
    ...revisions,
    ...verdict,
  ],
  rules: objectRules,
  spec: specSchema,
  status: statusSchema,
};

const turnServer: Kind = {
  kind: 'TurnServer',
  shortName: 'turn',
  description: 'A group of coturns through which people in restrictive networks reach the calls.',
  replicasPath: '.spec.placement.replicas',
  columns: [
    { name: 'Published', type: 'integer', jsonPath: '.status.publishedPods', description: 'Pods in service' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.desiredPods', description: 'Pods wanted' },
    {
      name: 'Draining',
      type: 'integer',
      jsonPath: '.status.drainingPods',
      description: 'Pods being emptied',
    },
    { name: 'Allocations', type: 'integer', jsonPath: '.status.allocations.current' },
    {
      name: 'Rotation',
      type: 'string',
      jsonPath: '.status.secrets.rotation',
      description: 'Stage of the rotation of the secret',
    },
    ...revisions,
    ...verdict,
  ],
  rules: turnObjectRules,
  spec: turnSpecSchema,
  status: turnStatusSchema,
};

/** The CustomResourceDefinition of RTCCluster. */
export function rtcClusterCrd(): Crd {
  return crd(rtcCluster);
}

/** The CustomResourceDefinition of TurnServer. */
export function turnServerCrd(): Crd {
  return crd(turnServer);
}

function crd(of: Kind): Crd {
  const singular = of.kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${apiGroup}` },
    spec: {
      group: apiGroup,
      names: {
        plural: `${singular}s`,
        singular,
        kind: of.kind,
        listKind: `${of.kind}List`,
        shortNames: [of.shortName],
        categories: ['all'],
      },
      scope: 'Namespaced',
      versions: [version(of)],
    },
  };
}

function version(of: Kind): Record<string, unknown> {
  return {
    name: apiVersionName,
    served: true,
    storage: true,
    subresources: {
      status: {},
      scale: {
        specReplicasPath: of.replicasPath,
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    },
    additionalPrinterColumns: of.columns,
    schema: { openAPIV3Schema: rootSchema(of) },
  };
}

/** What waits by kstatus (Flux, helm 4) takes an object without a status for done. */
const unseen = { observedGeneration: -1 };

function rootSchema(of: Kind): CrdSchema {
  return {
    type: 'object',
    description: of.description,
    required: ['spec'],
    'x-kubernetes-validations': of.rules,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: {
        ...structural(of.spec),
        description: `What is wanted. kubectl explain ${of.kind.toLowerCase()}.spec --recursive lists it all.`,
      },
      status: { ...structural(of.status), description: 'What was seen last.', default: unseen },
    },
  };
}
