/**
 * PURE: what is left away before an object is kept. managedFields alone are more
 * than half of a Pod in memory; a Node's list of images can be 10 kB.
 */
import { annotations } from '../desired/names.ts';
import type { KubeObject } from './api.ts';

/** Makes an object smaller. */
export type Trim = (object: KubeObject) => KubeObject;

/** What kubectl keeps of the last `apply`: a second copy of the whole object. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Drops managedFields and kubectl's copy: right for every kind. */
export const trimMetadata: Trim = (object) => {
  const { annotations, ...metadata } = without(object.metadata, 'managedFields');
  const kept = annotations === undefined ? {} : { annotations: without(annotations, lastApplied) };
  return { ...object, metadata: { ...metadata, ...kept } };
};

/** Keeps metadata, where the pod runs, its ports and its status: what it was made from is its revision label's business. */
export const trimPod: Trim = (pod) => {
  const spec = pod['spec'] as Readonly<Record<string, unknown>> | undefined;
  const { nodeName, hostNetwork, nodeSelector, terminationGracePeriodSeconds } = spec ?? {};
  const containers = (spec?.['containers'] as readonly Readonly<Record<string, unknown>>[] | undefined)?.map(
    ({ name, ports }) => defined({ name, ports }),
  );
  const trimmed = trimMetadata(pod);
  return {
    ...trimmed,
    metadata: { ...trimmed.metadata, ...whoAsked(pod.metadata) },
    spec: defined({ nodeName, hostNetwork, nodeSelector, terminationGracePeriodSeconds, containers }),
  };
};

/** Who wrote the one annotation that people write; of the rest nobody needs to know. */
function whoAsked({
  annotations: found,
  managedFields,
}: KubeObject['metadata']): Partial<KubeObject['metadata']> {
  if (found?.[annotations.requestedState] === undefined) return {};
  const field = JSON.stringify(`f:${annotations.requestedState}`);
  const entry = managedFields?.find(({ fieldsV1 }) => JSON.stringify(fieldsV1 ?? {}).includes(field));
  return entry?.manager === undefined ? {} : { managedFields: [{ manager: entry.manager }] };
}

/** Keeps who it is, and whether it is being deleted. */
export const trimNamespace: Trim = ({ apiVersion, kind, metadata }) => {
  const { name, uid, resourceVersion, deletionTimestamp } = metadata;
  const kept = defined({
    name,
    uid,
    resourceVersion,
    deletionTimestamp,
  }) as unknown as KubeObject['metadata'];
  return { apiVersion, kind, metadata: kept };
};

/** Keeps metadata, taints and whether pods may come, addresses and conditions. */
export const trimNode: Trim = (node) => {
  const { unschedulable, taints, providerID } = (node['spec'] ?? {}) as Readonly<Record<string, unknown>>;
  const { addresses, conditions, allocatable } = (node['status'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...trimMetadata(node),
    spec: defined({ unschedulable, taints, providerID }),
    status: defined({ addresses, conditions, allocatable }),
  };
};

function without<T extends object>(fields: T, name: string): T {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name)) as T;
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
