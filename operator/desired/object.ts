/** What the builders make: Kubernetes objects as plain data, owned by their RTCCluster. */
import { apiVersion, type RtcCluster } from '../api/rtccluster.ts';
import { commonLabels } from './names.ts';

/** A Kubernetes object to be. */
export interface DesiredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: DesiredMeta;
  readonly [field: string]: unknown;
}

/** The metadata we set. */
export interface DesiredMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
}

/** meta/v1 OwnerReference. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

/** Makes the garbage collector remove a child with its cluster, and tells other controllers whose it is. */
export function ownerReference(cluster: RtcCluster): OwnerReference {
  return {
    apiVersion,
    kind: 'RTCCluster',
    name: cluster.metadata.name,
    uid: cluster.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Metadata of a child object. */
export function childMeta(cluster: RtcCluster, name: string): DesiredMeta {
  return {
    name,
    namespace: cluster.metadata.namespace,
    labels: commonLabels(cluster),
    ownerReferences: [ownerReference(cluster)],
  };
}
