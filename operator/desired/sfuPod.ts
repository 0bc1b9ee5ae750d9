/** The Pod of one SFU member. It uses the network of its node, so there is at most one per node. */
import { createHash } from 'node:crypto';
import type { RtcCluster } from '../api/rtccluster.ts';
import { longestSeconds } from '../fleet/deadline.ts';
import { configToml } from './configMap.ts';
import { annotations, commonLabels, labels, names, podSelector } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { affinity, podSecurity, tolerations, zoneSpread } from './placement.ts';
import { hasApiTls } from './services.ts';
import { sfuContainer } from './sfuContainer.ts';
import { sfuVolumes } from './sfuVolumes.ts';

/** Everything about an SFU pod but its name. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Short hash over all of the above and the configuration. */
  readonly revision: string;
}

/** The template all pods of a cluster are made from. `image` is the one to use when the cluster names none. */
export function podTemplate(cluster: RtcCluster, image: string): PodTemplate {
  const { podMetadata } = cluster.spec;
  const spec = podSpec(cluster, cluster.spec.engine.image ?? image);
  const revision = revisionOf({ spec, podMetadata, config: configToml() });
  return {
    labels: {
      ...podMetadata.labels,
      ...commonLabels(cluster),
      ...podSelector(cluster),
      [labels.component]: 'sfu',
      [labels.revision]: revision,
    },
    annotations: {
      ...podMetadata.annotations,
      [annotations.apiPort]: String(cluster.spec.network.apiPort),
      ...(hasApiTls(cluster) && { [annotations.apiTlsSecret]: names.apiTlsSecret(cluster) }),
    },
    spec,
    revision,
  };
}

/** The pod with number `index`. Its address is not known yet, it has no node. */
export function sfuPod(cluster: RtcCluster, template: PodTemplate, index: number): DesiredObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...childMeta(cluster, names.pod(cluster, index)),
      labels: template.labels,
      annotations: { ...template.annotations, [annotations.address]: '' },
    },
    spec: template.spec,
  };
}

function podSpec(cluster: RtcCluster, image: string): Record<string, unknown> {
  const { drain, engine, placement } = cluster.spec;
  return {
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: longestSeconds(drain),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    ...(engine.imagePullSecrets && { imagePullSecrets: engine.imagePullSecrets }),
    ...(placement.priorityClassName && { priorityClassName: placement.priorityClassName }),
    nodeSelector: placement.nodeSelector,
    tolerations: tolerations(cluster),
    affinity: affinity(cluster),
    topologySpreadConstraints: zoneSpread(cluster),
    containers: [sfuContainer(cluster, image)],
    volumes: sfuVolumes(cluster),
  };
}

function revisionOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
}
