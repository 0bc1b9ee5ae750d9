/** What one reconcile found out about a cluster: the source of all metrics about fleets. */
import type { RtcCluster, RtcClusterStatus } from '../../api/rtccluster.ts';
import type { FleetDecision } from '../../fleet/decide.ts';

/** The last word on one RTCCluster. */
export interface FleetReport {
  readonly cluster: RtcCluster;
  /** As far as it was written. */
  readonly decision: FleetDecision;
  readonly status: RtcClusterStatus;
  /** When the certificate of the API ends, milliseconds since the epoch; absent without one. */
  readonly certificateEndsMs?: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** One value of one metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The labels that every metric about a cluster begins with. */
export const clusterLabels = ['namespace', 'cluster'] as const;

/** The values of `clusterLabels`. */
export function clusterOf({ cluster: { metadata } }: FleetReport): Readonly<Record<string, string>> {
  return { namespace: metadata.namespace, cluster: metadata.name };
}
