/** The Pod of one SFU member. It uses the network of its node, so there is at most one per node. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { longestSeconds } from '../fleet/deadline.ts';
import { annotations, commonLabels, labels, names, podSelector } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { affinity, securityAs, sfuUser, tolerations, zoneSpread } from './placement.ts';
import { revisionInputs, revisionOf } from './revision.ts';
import { addressWaiter, clientSecretNames, rtcdContainer } from './rtcdContainer.ts';
import { hasApiTls } from './services.ts';
import { sfuContainer } from './sfuContainer.ts';
import { sfuVolumes } from './sfuVolumes.ts';

/** Everything about an SFU pod but its name. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  /** See `revisionOf`. */
  readonly revision: string;
}

/** The template that the spec asks for. `operatorsImage` is the one to use when the cluster has none. */
export function podTemplate(cluster: RtcCluster, operatorsImage: string): PodTemplate {
  const { engine, podMetadata } = cluster.spec;
  const inputs = revisionInputs(cluster, operatorsImage);
  const revision = revisionOf(inputs);
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
      ...(engine.type === 'Rtcd' && { [annotations.rtcdClients]: clientSecretNames(cluster) }),
      ...(hasApiTls(cluster) && { [annotations.apiTlsSecret]: names.apiTlsSecret(cluster) }),
    },
    spec: podSpec(cluster, { image: inputs.image, operatorsImage }),
    revision,
  };
}

/** One pod. */
export interface PodParts {
  readonly template: PodTemplate;
  /** Its number. */
  readonly index: number;
  /** A rollout adds it beyond the wanted ones. Default: it is one of these. */
  readonly isSurge?: boolean;
}

/** Its address is not known yet, it has no node. */
export function sfuPod(cluster: RtcCluster, { template, index, isSurge = false }: PodParts): DesiredObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...childMeta(cluster, names.pod(cluster, index)),
      labels: template.labels,
      annotations: {
        ...template.annotations,
        [annotations.address]: '',
        ...(isSurge && { [annotations.surge]: 'true' }),
      },
    },
    spec: template.spec,
  };
}

/** `image` is what carries calls; the operator's own is that of our SFU, whatever the cluster runs. */
interface PodImages {
  readonly image: string;
  readonly operatorsImage: string;
}

function podSpec(cluster: RtcCluster, images: PodImages): Record<string, unknown> {
  const { drain, engine, placement } = cluster.spec;
  return {
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: longestSeconds(drain),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: securityAs(sfuUser),
    ...(engine.imagePullSecrets && { imagePullSecrets: engine.imagePullSecrets }),
    ...(placement.priorityClassName && { priorityClassName: placement.priorityClassName }),
    nodeSelector: placement.nodeSelector,
    tolerations: tolerations(placement),
    affinity: affinity(podSelector(cluster)),
    topologySpreadConstraints: zoneSpread(placement, podSelector(cluster)),
    ...containers(cluster, images),
    volumes: sfuVolumes(cluster),
  };
}

function containers(cluster: RtcCluster, { image, operatorsImage }: PodImages): Record<string, unknown> {
  if (cluster.spec.engine.type === 'Mediasoup') return { containers: [sfuContainer(cluster, image)] };
  return {
    initContainers: [addressWaiter(cluster, operatorsImage)],
    containers: [rtcdContainer(cluster, image)],
  };
}
