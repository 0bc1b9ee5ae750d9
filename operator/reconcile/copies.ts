/** PURE: copies of the binding that are to be, and those that are → actions. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { copyRecord, hiddenCopies, type Reaches } from '../desired/copyRecord.ts';
import { annotations } from '../desired/names.ts';
import type { DesiredObject } from '../desired/object.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Action } from './action.ts';
import { isEqual, owned } from './owned.ts';

/** Copies in other namespaces, as wanted and as found. */
export interface Copies {
  readonly wanted: readonly DesiredObject[];
  /** Namespaces that no copy may stay in are all those that are not here. */
  readonly namespaces: readonly string[];
  readonly found: readonly KubeObject[];
  /** Which of those that want or have one can be written to. */
  readonly reach: Reaches;
}

/** What is to be written on the cluster of where the binding is; null: nothing; undefined: it is written already. */
export function recordChange(
  cluster: RtcCluster,
  { wanted, found, reach }: Copies,
): string | null | undefined {
  const seen = [...wanted, ...found].map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));
  const record = copyRecord([...seen, ...hiddenCopies(cluster, reach)]);
  const before = cluster.metadata.annotations[annotations.bindingCopies];
  if (record === (before ?? '')) return undefined;
  return record === '' ? null : record;
}

/** Copies are made true, and taken back from namespaces that are not named any more. */
export function copyActions({ wanted, namespaces, found }: Copies): Action[] {
  const applied = wanted.flatMap((object): Action[] => {
    const known = found.find((copy) => isSame(copy, object));
    if (known === undefined)
      return [{ type: 'apply', object, isNew: true, reason: 'Missing', message: 'The binding is not there' }];
    if (isEqual(owned(known), owned(object))) return [];
    return [{ type: 'apply', object, isNew: false, reason: 'Changed', message: 'It is not as the binding' }];
  });
  const stale = found.filter(
    (copy) =>
      !namespaces.includes(copy.metadata.namespace ?? '') ||
      (wanted.length > 0 && !wanted.some((object) => isSame(copy, object))),
  );
  return [...applied, ...removals(stale)];
}

/** Nobody needs them any more. */
export function removals(copies: readonly KubeObject[]): Action[] {
  return copies.map((object) => ({
    type: 'delete',
    object,
    reason: 'Unwanted',
    message: 'This namespace is not named in binding.namespaces any more',
  }));
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.namespace === b.metadata.namespace && a.metadata.name === b.metadata.name;
}
