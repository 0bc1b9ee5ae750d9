/** What the observation of each kind reads in the same way: specs, nodes of pods, data by name. */
import type { z } from 'zod';
import type { NodeView } from '../fleet/nodes/node.ts';
import type { KubeObject } from '../kube/api.ts';
import type { StoreReader } from '../kube/store.ts';
import { guessedNode, nodeNameOf, nodeView } from './nodeView.ts';

/** An object with every default, or all that is wrong with it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/**
 * Reads one of our resources. A namespace that is being deleted since `endsAt` takes it along, whether that has been
 * told so yet or not.
 */
export function parsedAs<T>(schema: z.ZodType<T>, object: KubeObject, endsAt: string | undefined): Parsed<T> {
  const { metadata } = object;
  const deletionTimestamp = metadata.deletionTimestamp ?? endsAt;
  const result = schema.safeParse({ ...object, metadata: { ...metadata, deletionTimestamp } });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { ok: false, message: problems.join('; ') };
}

/** Its node; guessed from the pod where nodes may not be seen. */
export function nodeOf(pod: KubeObject, nodes: StoreReader | undefined): NodeView | undefined {
  if (nodes === undefined) return guessedNode(pod);
  const nodeName = nodeNameOf(pod);
  const node = nodeName === undefined ? undefined : nodes.get({ name: nodeName });
  return node && nodeView(node);
}

/** A store gives objects as they were last written, and what is said of them must not change with that: `calls-sfu-2` before `calls-sfu-10`. */
export function byNumber(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) => numbers.compare(a.metadata.name, b.metadata.name));
}

const numbers = new Intl.Collator('en', { numeric: true });

/** The same letter by letter, ten times as fast: there may be thousands of nodes. */
export function byName(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : Number(a.metadata.name > b.metadata.name),
  );
}

/** Data of Secrets or ConfigMaps, by name. */
export function dataByName(objects: readonly KubeObject[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    objects.map((object) => [object.metadata.name, (object['data'] ?? {}) as Record<string, string>]),
  );
}
