/** Pure: the CRD's schema → the path of every leaf of `spec`, such as `network.address.sources[].type`. */
import { structural, type CrdSchema } from '../../../operator/api/structural.ts';
import type { z } from 'zod';
import { specSchema } from '../../../operator/api/rtcclusterSpec.ts';

/** A leaf and what the schema says of it. A map of free keys is one leaf. */
export interface Leaf {
  readonly path: string;
  readonly schema: CrdSchema;
}

/** All of them, in the order of the schema. Default: that of RTCCluster. */
export function specLeaves(schema: z.ZodType = specSchema): Leaf[] {
  return leavesOf(structural(schema), '');
}

function leavesOf(schema: CrdSchema, path: string): Leaf[] {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, child]) =>
      leavesOf(child, path === '' ? name : `${path}.${name}`),
    );
  if (schema.items !== undefined) return leavesOf(schema.items, `${path}[]`);
  return [{ path, schema }];
}

/** The leaves in which two specs differ. Entries of lists have no number here: all are one leaf. */
export function differingLeaves(a: unknown, b: unknown, leaves: readonly Leaf[]): string[] {
  return leaves.map(({ path }) => path).filter((path) => valueAt(a, path) !== valueAt(b, path));
}

/** Everything at a path as one text; absent and empty are the same. */
function valueAt(spec: unknown, path: string): string {
  const steps = path.split(/(?=\[\])|\./);
  const values = steps.reduce<unknown[]>(
    (found, step) => found.flatMap((one) => stepInto(one, step)),
    [spec],
  );
  return JSON.stringify(values);
}

function stepInto(value: unknown, step: string): unknown[] {
  if (step === '[]') return Array.isArray(value) ? value : [];
  const child = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return child === undefined ? [] : [child];
}
