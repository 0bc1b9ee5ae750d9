/** Schemas used by more than one custom resource, or more than once in one. */
import { z } from 'zod';

/** A rule of the API server in the Common Expression Language; `message` names the fix. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

/** Adds CEL rules to a schema; `crd.ts` hands them to the API server unchanged. */
export function withRules<T extends z.ZodType>(schema: T, rules: readonly CelRule[]): T {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-validations': rules });
}

/** Lists that are replaced as a whole (`listType: atomic`) and never grow beyond `maxItems`. */
export function atomicList<T extends z.ZodType>(item: T, maxItems: number): z.ZodArray<T> {
  return z.array(item).max(maxItems).meta({ 'x-kubernetes-list-type': 'atomic' });
}

/** Lists that several managers may share, one entry per `key` (`listType: map`). */
export function mapList<T extends z.ZodType>(item: T, key: string, maxItems: number): z.ZodArray<T> {
  return z
    .array(item)
    .max(maxItems)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
}

/** Longest time an API field accepts: one week. */
const maxSeconds = 604_800;

/** Whole seconds, 0 to one week. */
export function seconds(): z.ZodNumber {
  return z.int().min(0).max(maxSeconds);
}

/** The ports rtcd allows, and so do we. */
export function port(): z.ZodNumber {
  return z.int().min(80).max(49151);
}

/** RFC 1035 label, 1 to 63 characters: what Services and list keys are named. */
export function label(): z.ZodString {
  return z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
}

/** RFC 1123 subdomain, 1 to 253 characters: what Secrets and ConfigMaps are named. */
export function objectName(): z.ZodString {
  return z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
}

/** RFC 1123 label, 1 to 63 characters: what namespaces are named. */
export function namespaceName(): z.ZodString {
  return z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
}

/** A Kubernetes quantity such as `500m`, `2` or `1Gi`, in the words of the API's own documentation. */
const quantityPattern =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;
/** See `quantityPattern`. */
export const quantity = z
  .union([z.string().regex(quantityPattern), z.int()])
  .meta({ 'x-kubernetes-int-or-string': true, pattern: quantityPattern.source });

/** core/v1 ResourceRequirements without claims. */
export const resourcesSchema = z.object({
  requests: z
    .record(z.string(), quantity)
    .default({ cpu: '250m', memory: '1Gi' })
    .describe(
      'What the scheduler sets aside for one SFU pod. One core carries a few hundred voices. The memory is also the limit, unless there is one: then a node that runs short of memory evicts others first.',
    ),
  limits: z
    .record(z.string(), quantity)
    .optional()
    .describe(
      'What one SFU pod may use at most. A CPU limit throttles media and is heard as stutter: prefer none.',
    ),
});

/** core/v1 Toleration. */
export const tolerationSchema = z.object({
  key: z.string().max(316).optional().describe('The taint key; absent with operator Exists means any taint.'),
  operator: z.enum(['Exists', 'Equal']).optional().describe('How key and value are compared.'),
  value: z.string().max(253).optional().describe('The taint value, with operator Equal.'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .optional()
    .describe('Absent means all effects.'),
  tolerationSeconds: z.int().optional().describe('How long a NoExecute taint is borne.'),
});

/** meta/v1 Condition, with the limits of the original. */
export const conditionSchema = z.object({
  type: z.string().min(1).max(316).describe('What the condition is about, such as Ready.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).optional().describe('The generation of the object this was said about.'),
  lastTransitionTime: z.string().meta({ format: 'date-time' }).describe('When status last changed.'),
  reason: z.string().min(1).max(1024).describe('One CamelCase word for programs.'),
  message: z.string().max(32768).describe('A sentence for people: what it is, and what to do about it.'),
});

/** One condition as the API stores it. */
export type Condition = z.infer<typeof conditionSchema>;

/** meta/v1 ObjectMeta of our resources: only what we read. */
export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  generation: z.number().default(0),
  resourceVersion: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  finalizers: z.array(z.string()).default([]),
});
