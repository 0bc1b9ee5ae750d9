/** Pure: how many pods were asked for. */
import type { Scene } from './scene.ts';

/** The least and the most; both are 0 once the cluster is being deleted. */
export function boundsOf({ spec, metadata }: NonNullable<Scene['cluster']>): {
  readonly min: number;
  readonly max: number;
} {
  if (metadata.deletionTimestamp !== undefined) return { min: 0, max: 0 };
  const { replicas = 0, scaling } = spec;
  if (scaling.mode === 'Auto') return { min: scaling.minPods, max: scaling.maxPods };
  return { min: replicas, max: replicas };
}
