/** PURE: what was observed → which nodes can carry a pod of this cluster. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { sfuPorts } from '../desired/ports.ts';
import { eligibleNodes, type NodeSupply } from '../fleet/nodes/eligible.ts';
import { nodeNameOf, portsTaken } from './nodeView.ts';
import type { Observed } from './observe.ts';

/** Undefined where nodes are not ours to see. */
export function nodeSupply({ nodes, pods, others }: Observed, cluster: RtcCluster): NodeSupply | undefined {
  if (nodes === undefined) return undefined;
  return eligibleNodes({
    nodes,
    placement: cluster.spec.placement,
    ports: sfuPorts(cluster),
    occupied: new Set(pods.map(nodeNameOf).filter((name) => name !== undefined)),
    taken: portsTaken(others),
  });
}
