/** Whether somebody takes a node away, by its taints: then its pods must leave it. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { DrainReason } from '../pod.ts';
import type { NodeView, Taint } from './node.ts';
import { closingTaints } from './taints.ts';

/** Why pods must leave a node, in a sentence about the node. */
export interface Leaving {
  readonly reason: Extract<DrainReason, 'NodeDrain' | 'SpotInterruption'>;
  readonly message: string;
}

type LeavingSpec = Pick<RtcCluster['spec'], 'disruption' | 'placement'>;

/** What stands in a list of drain taints: a key, and who sets it. */
interface Notice {
  readonly says: string;
  /** The machine goes in a minute or two, whatever runs on it. */
  readonly isUrgent?: (taint: Taint, node: NodeView) => boolean;
}

const always = (): boolean => true;
const drained = 'is being drained';
const removed = 'is being removed by cluster-autoscaler';
const replaced = 'is being replaced by Karpenter';
const interrupted = 'is being taken back by the cloud';
const maintained = 'is being taken away by the cloud for maintenance';

/** AKS sets one taint for every event; only spot machines go at once. */
const isAzureSpot = (_: Taint, { labels }: NodeView): boolean =>
  labels['kubernetes.azure.com/scalesetpriority'] === 'spot';

/**
 * The built-in list. kubectl and node controllers; cluster-autoscaler (cloudprovider/../taints: the soft
 * DeletionCandidate is no reason yet); Karpenter 1.x, 0.3x; aws-node-termination-handler; GKE; AKS.
 */
const notices: Readonly<Record<string, Notice>> = {
  'node.kubernetes.io/unschedulable': { says: drained },
  'node.cloudprovider.kubernetes.io/shutdown': { says: 'is shut down' },
  ToBeDeletedByClusterAutoscaler: { says: removed },
  'karpenter.sh/disrupted': { says: replaced },
  'karpenter.sh/disruption': { says: replaced },
  'aws-node-termination-handler/spot-itn': { says: interrupted, isUrgent: always },
  'aws-node-termination-handler/scheduled-maintenance': { says: maintained },
  'aws-node-termination-handler/asg-lifecycle-termination': { says: maintained },
  'aws-node-termination-handler/rebalance-recommendation': { says: 'may soon be taken back by the cloud' },
  'cloud.google.com/impending-node-termination': { says: interrupted, isUrgent: always },
  'remediator.kubernetes.azure.com/unschedulable': { says: maintained, isUrgent: isAzureSpot },
  'cloudprovider.azure.microsoft.com/draining': {
    says: interrupted,
    isUrgent: ({ value }) => value === 'spot-eviction',
  },
};

/** Undefined for a node that stays. A taint that our pods bear is no reason: the next pod would come to the same node. */
export function leavingOf(node: NodeView, { disruption, placement }: LeavingSpec): Leaving | undefined {
  const { drainTaints } = disruption;
  const isListed = ({ key }: Taint): boolean =>
    drainTaints.length === 0 ? key in notices : drainTaints.includes(key);
  const taints = closingTaints(node, placement.tolerations).filter(isListed);
  const urgent = taints.find((taint) => notices[taint.key]?.isUrgent?.(taint, node) === true);
  const taint = urgent ?? taints[0];
  if (taint === undefined) return undefined;
  const says = notices[taint.key]?.says ?? 'is to be emptied';
  return {
    reason: urgent === undefined ? 'NodeDrain' : 'SpotInterruption',
    message: `Node ${node.name} ${says} (taint ${taint.key})`,
  };
}
