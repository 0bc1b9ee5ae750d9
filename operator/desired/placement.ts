/** Where SFU pods may run, and with which rights. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { podSelector } from './names.ts';

/** The user that the SFU image runs as. */
const user = 65532;

/** As restricted as the use of the node's network permits. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** core/v1 SecurityContext of the SFU container. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Two members on one node would fight for its ports: never. */
export function affinity(cluster: RtcCluster): Record<string, unknown> {
  const apart = {
    labelSelector: { matchLabels: podSelector(cluster) },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } };
}

/** Spread over zones; empty when nobody asked for it. */
export function zoneSpread(cluster: RtcCluster): Record<string, unknown>[] {
  const { zoneSpread: wanted } = cluster.spec.placement;
  if (wanted === 'None') return [];
  return [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: wanted === 'Required' ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: podSelector(cluster) },
    },
  ];
}

/**
 * The user's own, and patience without end with a node that Kubernetes lost sight of: its calls may well go on.
 * Somebody else serves in its place meanwhile, and what becomes of the pod is for the operator to say.
 */
export function tolerations(cluster: RtcCluster): Record<string, unknown>[] {
  const patience = ['not-ready', 'unreachable'].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
  }));
  return [...cluster.spec.placement.tolerations, ...patience];
}
