/** Where pods of ours may run, and with which rights. */
import type { RtcCluster } from '../api/rtccluster.ts';

/** Of the spec of either kind. */
type Placement = Pick<RtcCluster['spec']['placement'], 'zoneSpread' | 'tolerations'>;
/** Labels of all pods of one owner. */
type Selector = Readonly<Record<string, string>>;

/** The user that the SFU image runs as. */
export const sfuUser = 65_532;

/** core/v1 PodSecurityContext: as restricted as the use of the node's network permits. */
export function securityAs(user: number): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** core/v1 SecurityContext of the containers that serve. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Two on one node would fight for its ports, and fall with it: never. */
export function affinity(matchLabels: Selector): Record<string, unknown> {
  const apart = {
    labelSelector: { matchLabels },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } };
}

/** Spread over zones; empty when nobody asked for it. */
export function zoneSpread({ zoneSpread: wanted }: Placement, matchLabels: Selector): object[] {
  if (wanted === 'None') return [];
  return [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: wanted === 'Required' ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels },
    },
  ];
}

/**
 * The user's own, and patience without end with a node that Kubernetes lost sight of: its calls may well go on.
 * Somebody else serves in its place meanwhile, and what becomes of the pod is for the operator to say.
 */
export function tolerations(placement: Placement): object[] {
  const patience = ['not-ready', 'unreachable'].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
  }));
  return [...placement.tolerations, ...patience];
}
