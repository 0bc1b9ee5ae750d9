/** The PodDisruptionBudget that keeps calls from node maintenance. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { labels, names, podSelector } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';

/**
 * More pods than any cluster has: no selected pod may be evicted. An integer,
 * because for `maxUnavailable` the disruption controller reads our scale
 * subresource, which is an error while `spec.replicas` is unset.
 */
export const never = 1_000_000;

/** None when the budget is switched off. */
export function disruptionBudget(cluster: RtcCluster): DesiredObject | undefined {
  const { budget } = cluster.spec.disruption;
  if (budget === 'None') return undefined;
  const busyOnly = budget === 'BusyOnly' ? { [labels.busy]: 'true' } : {};
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: childMeta(cluster, names.disruptionBudget(cluster)),
    spec: {
      minAvailable: never,
      // A pod that is not ready may have calls all the same.
      unhealthyPodEvictionPolicy: 'IfHealthyBudget',
      selector: { matchLabels: { ...podSelector(cluster), ...busyOnly } },
    },
  };
}
