/** What the autoscaler remembers of each cluster while this process leads; nothing of it outlives the process. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { ScaleHistory } from '../fleet/scale/history.ts';

/** See the file comment. */
export interface ScaleMemory {
  /** Without a history at the first look. */
  of(cluster: RtcCluster): { readonly history?: ScaleHistory };
  keep(cluster: RtcCluster, history: ScaleHistory): void;
  /** The cluster `namespace/name` is gone. */
  forget(key: string): void;
}

/** An empty one. */
export function createScaleMemory(): ScaleMemory {
  const kept = new Map<string, { readonly uid: string; readonly history: ScaleHistory }>();
  const keyOf = ({ metadata }: RtcCluster): string => `${metadata.namespace}/${metadata.name}`;
  return {
    of(cluster) {
      const entry = kept.get(keyOf(cluster));
      return entry?.uid === cluster.metadata.uid ? { history: entry.history } : {};
    },
    keep: (cluster, history) => void kept.set(keyOf(cluster), { uid: cluster.metadata.uid, history }),
    forget: (key) => void kept.delete(key),
  };
}
