/** What is remembered of each cluster while this process leads; nothing of it outlives the process. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { ScaleHistory } from '../fleet/scale/history.ts';
import type { Kept } from './outcome.ts';

/** Absent at the first look. */
export interface Remembered {
  /** What the autoscaler has seen. */
  readonly history?: ScaleHistory;
  /** Pods that we were not allowed to delete. */
  readonly refused?: Kept;
}

/** See the file comment. */
export interface Memory {
  of(cluster: Pick<RtcCluster, 'metadata'>): Remembered;
  /** What is not in `change` stays as it is. */
  keep(cluster: Pick<RtcCluster, 'metadata'>, change: Remembered): void;
  /** The cluster `namespace/name` is gone. */
  forget(key: string): void;
}

/** An empty one. */
export function createMemory(): Memory {
  const kept = new Map<string, Remembered & { readonly uid: string }>();
  const keyOf = ({ metadata }: Pick<RtcCluster, 'metadata'>): string =>
    `${metadata.namespace}/${metadata.name}`;
  const of: Memory['of'] = (cluster) => {
    const entry = kept.get(keyOf(cluster));
    return entry?.uid === cluster.metadata.uid ? entry : {};
  };
  return {
    of,
    keep: (cluster, change) =>
      void kept.set(keyOf(cluster), { ...of(cluster), ...change, uid: cluster.metadata.uid }),
    forget: (key) => void kept.delete(key),
  };
}
