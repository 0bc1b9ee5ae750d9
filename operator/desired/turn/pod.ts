/** The Pod of one coturn. On the network of its node there is at most one of a TurnServer per node. */
import type { TurnServer } from '../../api/turnserver.ts';
import { annotations, labels } from '../names.ts';
import type { DesiredObject } from '../object.ts';
import { affinity, securityAs, tolerations, zoneSpread } from '../placement.ts';
import { agentContainer, coturnContainer } from './containers.ts';
import { turnMeta } from './meta.ts';
import { turnLabels, turnNames, turnPodSelector } from './names.ts';
import { turnVolumes } from './volumes.ts';

/** What a pod is made with beside the spec. */
export interface TurnPodOptions {
  /** The operator's own image: the agent is in it. */
  readonly operatorsImage: string;
  /** For the label; whoever rolls pods out knows how it is computed. */
  readonly revision: string;
}

/** The pod with number `index`. Its address is not known yet, it has no node. */
export function turnPod(server: TurnServer, index: number, options: TurnPodOptions): DesiredObject {
  const meta = turnMeta(server, turnNames.pod(server, index));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta,
      labels: {
        ...turnLabels(server),
        ...turnPodSelector(server),
        [labels.component]: 'turn',
        [labels.revision]: options.revision,
      },
      annotations: { [annotations.address]: '' },
    },
    spec: turnPodSpec(server, options.operatorsImage),
  };
}

/**
 * A coturn that has drained ends with 0 and must not be started again; one that has crashed must. Processes are shared
 * because the agent drains coturn and renews its certificate by signals, as the same user.
 */
export function turnPodSpec(server: TurnServer, operatorsImage: string): Record<string, unknown> {
  const { drain, imagePullSecrets, placement, network } = server.spec;
  const isOnNode = network.mode === 'HostNetwork';
  return {
    ...(isOnNode && { hostNetwork: true }),
    dnsPolicy: isOnNode ? 'ClusterFirstWithHostNet' : 'ClusterFirst',
    restartPolicy: 'OnFailure',
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: drain.timeoutSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: securityAs(user),
    ...(imagePullSecrets && { imagePullSecrets }),
    ...(placement.priorityClassName && { priorityClassName: placement.priorityClassName }),
    nodeSelector: placement.nodeSelector,
    tolerations: tolerations(placement),
    affinity: affinity(turnPodSelector(server)),
    topologySpreadConstraints: zoneSpread(placement, turnPodSelector(server)),
    initContainers: [agentContainer(server, operatorsImage)],
    containers: [coturnContainer(server)],
    volumes: turnVolumes(server),
  };
}

/** nobody, as which the official image runs: both containers write the same files. */
const user = 65_534;
