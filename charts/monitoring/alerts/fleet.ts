/** Alerts about RTCClusters. */
import type { AlertGroup } from './definition.ts';

/** Replicas of the operator may both remember a report for a moment. */
const each = (metric: string, ...by: readonly string[]): string =>
  `max by (${['namespace', 'cluster', ...by].join(', ')}) (${metric})`;
const published = each('rtc_cluster_pods{state="Published"}');
const wanted = each('rtc_desired_pods{target="desired"}');
const minimum = each('rtc_min_published_pods');
/** Once enough, or known for half an hour (whatever the operator's own restarts left out of that): a new cluster may wait for its first nodes and images. */
const hasBegun = `((${each('max_over_time(rtc_cluster_pods{state="Published"}[30m])')} >= ${minimum}) or ${each('max_over_time(rtc_min_published_pods[15m] offset 30m)')})`;
const of = '{{ $labels.namespace }}/{{ $labels.cluster }}';
const describe = '`kubectl describe rtccluster -n {{ $labels.namespace }} {{ $labels.cluster }}`';

/** See the file comment. */
export const fleetAlerts: AlertGroup = {
  name: 'rtc-fleet',
  alerts: [
    {
      name: 'RTCBelowMinimum',
      // Nobody wants pods of a cluster that is being deleted.
      expr: `(${published} < ${minimum}) and (${wanted} > 0) and ${hasBegun}`,
      for: '5m',
      severity: 'critical',
      summary: `RTCCluster ${of} has {{ $value }} SFU pods in DNS, fewer than discovery.minPublished`,
      description: `People cannot start calls, or those there are have no spare. The condition EndpointsPublished says what keeps each pod out of DNS: ${describe}.`,
    },
    {
      name: 'RTCAtMinimum',
      expr: `(${published} <= ${minimum}) and (${published} < ${wanted})`,
      for: '10m',
      severity: 'warning',
      summary: `RTCCluster ${of} has {{ $value }} SFU pods in DNS, the least that it may have, and wants more`,
      description: `Nothing may be taken away any more: updates and node drains wait, and one more pod that fails is an outage. See why the others are not published: ${describe}.`,
    },
    {
      name: 'RTCCapacityShort',
      expr: `${each('rtc_cluster_condition{type="CapacitySufficient"}')} == 0`,
      for: '10m',
      severity: 'warning',
      summary: `RTCCluster ${of} has too few SFU pods for its calls with their headroom`,
      description: `The next large call may find no room, and sound suffers as load rises. The condition CapacitySufficient says what holds the number of pods: ${describe}.`,
    },
    {
      name: 'RTCCallsDropped',
      expr: 'sum by (namespace, cluster, reason) (increase(rtc_sessions_dropped_total[15m])) > 0',
      for: '0m',
      severity: 'critical',
      summary: `RTCCluster ${of} lost {{ $value | printf "%.0f" }} sessions with their pod: {{ $labels.reason }}`,
      description:
        'People were cut off in the middle of a call within the last quarter of an hour. The reason says which way: a deadline of a drain, a crash, or a pod that somebody else took away.',
    },
    {
      name: 'RTCSessionsUnobservable',
      expr: `${each('rtc_cluster_condition{type="SessionsObservable"}')} < 1`,
      for: '5m',
      severity: 'warning',
      summary: `RTCCluster ${of} has SFU pods whose sessions nobody knows`,
      description: `Calls go on, but nothing is scaled down and no such pod is updated: each counts as busy. Mostly the operator does not reach port API of the pod. The condition SessionsObservable names the pods: ${describe}.`,
    },
    {
      name: 'RTCDrainOverDeadline',
      expr: `time() - ${each('rtc_drain_deadline_seconds', 'pod', 'reason')} > 300`,
      for: '5m',
      severity: 'warning',
      summary: `Pod {{ $labels.namespace }}/{{ $labels.pod }} should have gone {{ $value | humanizeDuration }} ago: {{ $labels.reason }}`,
      description:
        'Its drain is over its deadline and it is still there: the operator may not delete it, or the node does not let it go. What waits for it (an update, a node drain, a deletion) waits, too.',
    },
    {
      name: 'RTCAddressUnreachable',
      expr: `${each('rtc_cluster_condition{type=~"AddressesResolved|AddressesReachable"}', 'type')} == 0`,
      for: '15m',
      severity: 'warning',
      summary: `RTCCluster ${of} has SFU pods whose address clients cannot use ({{ $labels.type }} is False)`,
      description: `Clients may be told an address that is wrong or closed by a firewall: then they join and hear nothing. Behind some routers nodes cannot call their own public address, and all is well. The condition names pod, address and port: ${describe}.`,
    },
    {
      name: 'RTCCertificateExpiring',
      expr: `${each('rtc_api_certificate_end_seconds')} - time() < 14 * 86400`,
      for: '1h',
      severity: 'warning',
      summary: `The certificate of the API of RTCCluster ${of} ends in {{ $value | humanizeDuration }}`,
      description:
        'After that Mattermost connects to no pod any more. Pods serve a renewed certificate without a restart, so only the renewal is missing.',
    },
    {
      name: 'RTCPausedTooLong',
      expr: `${each('rtc_cluster_condition{type="ReconciliationPaused"}')} == 1`,
      for: '24h',
      severity: 'warning',
      summary: `RTCCluster ${of} has been paused for a day`,
      description:
        'Nothing is scaled, repaired, drained or updated. Somebody has asked for that by annotation, and may have forgotten it.',
    },
  ],
};
