/** The binding Secret in other namespaces, where Mattermosts read it; and why not in all of them. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { Reason } from '../fleet/pod.ts';
import { leftCopies, type Reach, type Reaches } from './copyRecord.ts';
import { labels, manager } from './names.ts';
import type { DesiredObject } from './object.ts';

/** What is to be elsewhere. */
export interface BindingCopies {
  readonly wanted: readonly DesiredObject[];
  /** What cannot be taken back, and one for each namespace that cannot be served, with the fix. */
  readonly problems: readonly Reason[];
}

/** The namespaces that want a copy; that of the cluster has the original. */
export function copyNamespaces({ metadata, spec }: RtcCluster): string[] {
  return spec.binding.namespaces.filter((namespace) => namespace !== metadata.namespace);
}

/** `binding` is the original; while there is none no copy is wanted, and none is taken away. */
export function bindingCopies(
  cluster: RtcCluster,
  binding: DesiredObject | undefined,
  reach: Reaches,
): BindingCopies {
  const reachable = copyNamespaces(cluster).filter((namespace) => reach[namespace] === 'Served');
  return {
    wanted: binding === undefined ? [] : reachable.map((namespace) => copyOf(cluster, binding, namespace)),
    problems: [...leftCopies(cluster, reach), ...unserved(cluster, reach)],
  };
}

/** A cluster that is being deleted wants none any more. */
function unserved(cluster: RtcCluster, reach: Reaches): Reason[] {
  if (cluster.metadata.deletionTimestamp !== undefined) return [];
  return copyNamespaces(cluster).flatMap((namespace) => problemOf(namespace, reach[namespace]) ?? []);
}

/** Labels that say whose copy an object is: an owner in another namespace cannot be named otherwise. */
export function copyLabels({ metadata }: Pick<RtcCluster, 'metadata'>): Record<string, string> {
  return { [labels.bindingNamespace]: metadata.namespace, [labels.bindingCluster]: metadata.name };
}

function copyOf(cluster: RtcCluster, binding: DesiredObject, namespace: string): DesiredObject {
  const { name } = binding.metadata;
  const own = { ...copyLabels(cluster), [labels.managedBy]: manager };
  return { ...binding, metadata: { name, namespace, labels: own, ownerReferences: [] } };
}

function problemOf(namespace: string, reach: Reach | undefined): Reason | undefined {
  switch (reach) {
    case 'Served':
    case 'Unknown':
      return undefined;
    case 'Missing':
      return {
        reason: 'NamespaceMissing',
        message: `There is no namespace ${namespace}: create it, or take it out of binding.namespaces`,
      };
    case 'Forbidden':
      return {
        reason: 'NamespaceForbidden',
        message: `binding.namespaces: the operator has no rights on Secrets in ${namespace}: upgrade its chart with rbac.create and ${namespace} in bindingNamespaces`,
      };
    default:
      return {
        reason: 'NamespaceNotAllowed',
        message: `binding.namespaces: the operator may not write to ${namespace}: add it to bindingNamespaces of its chart`,
      };
  }
}
