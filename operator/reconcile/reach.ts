/** PURE: whether we may write to the namespaces that copies of a binding are in, or whether there is no such namespace. */
import type { Reach } from '../desired/copyRecord.ts';
import type { StoreReader } from '../kube/store.ts';
import type { BindingReader } from './bindingMirrors.ts';

/** What is asked. */
export interface ReachSources {
  readonly bindings: Pick<BindingReader, 'reach'>;
  readonly namespaces: StoreReader;
}

/** Of any namespace, as seen from the one that the cluster is in. */
export function reachFrom(own: string, { bindings, namespaces }: ReachSources): (namespace: string) => Reach {
  const isThere = (name: string): boolean => namespaces.get({ name }) !== undefined;
  // Who does not see the cluster's own namespace sees none.
  const seesAll = isThere(own);
  return (name) => {
    const reach = bindings.reach(name);
    return reach !== 'Served' && seesAll && !isThere(name) ? 'Missing' : reach;
  };
}
