/** What one reconcile found out about a cluster: the source of all metrics about fleets. */
import type { RtcCluster, RtcClusterStatus } from '../../api/rtccluster.ts';
import type { Condition } from '../../api/shared.ts';
import type { FleetDecision } from '../../fleet/decide.ts';

/** The last word on one RTCCluster. */
export interface FleetReport {
  readonly cluster: {
    readonly metadata: Pick<RtcCluster['metadata'], 'namespace' | 'name'>;
    readonly spec?: { readonly discovery: Pick<RtcCluster['spec']['discovery'], 'minPublished'> };
  };
  /** As far as it was written. */
  readonly decision: Pick<FleetDecision, 'members' | 'deletions' | 'scale' | 'wanted'>;
  readonly status: {
    readonly conditions?: readonly Pick<Condition, 'type' | 'status'>[] | undefined;
    readonly sessions?: RtcClusterStatus['sessions'];
  };
  /** When the certificate of the API ends, milliseconds since the epoch; absent without one. */
  readonly certificateEndsMs?: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The same of one whose spec cannot be read: nothing can be decided about it. */
export type RefusedReport = Pick<FleetReport, 'cluster' | 'status'>;

/** Nothing but what metrics are read from: a thousand clusters are remembered, and the rest of each is larger. */
export function withoutRest(report: FleetReport): FleetReport {
  const { cluster, decision, status } = report;
  const { namespace, name } = cluster.metadata;
  const minPublished = cluster.spec?.discovery.minPublished;
  const { members, deletions, scale, wanted } = decision;
  const conditions = status.conditions?.map(({ type, status: is }) => ({ type, status: is }));
  return {
    ...report,
    cluster: {
      metadata: { namespace, name },
      ...(minPublished !== undefined && { spec: { discovery: { minPublished } } }),
    },
    decision: { members, deletions, scale, wanted },
    status: { conditions, sessions: status.sessions },
  };
}

/** One value of one metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The labels that every metric about a cluster begins with. */
export const clusterLabels = ['namespace', 'cluster'] as const;

/** The values of `clusterLabels`. */
export function clusterOf({ cluster: { metadata } }: RefusedReport): Readonly<Record<string, string>> {
  return { namespace: metadata.namespace, cluster: metadata.name };
}
