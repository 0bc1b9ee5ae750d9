/** How many pods of a TurnServer there are to be: as the spec says, or one for each node that carries one or could. */
import { specSchema } from '../api/rtcclusterSpec.ts';
import type { TurnServer } from '../api/turnserver.ts';
import { isNodeLost } from '../fleet/members.ts';
import type { NodeSupply } from '../fleet/nodes/eligible.ts';
import { leavingOf } from '../fleet/nodes/leaving.ts';
import type { PodView } from '../fleet/pod.ts';
import { requestOf } from '../fleet/requests.ts';

const { disruption } = specSchema.parse({});

/** What the number follows from in mode EveryNode. */
export interface Placed {
  /** Undefined: nobody may tell us, and the pods there are stay as many. */
  readonly nodes: NodeSupply | undefined;
  readonly pods: readonly PodView[];
}

/** See the file comment. */
export function wantedPods({ spec: { placement } }: TurnServer, { nodes, pods }: Placed): number {
  if (placement.mode === 'Replicas') return placement.replicas;
  const present = pods.filter(isPresent);
  if (nodes === undefined) return present.length;
  const closed = new Set(nodes.excluded.filter(({ reason }) => isPassing(reason)).map(({ node }) => node));
  const kept = pods.filter(
    (pod) =>
      (isPresent(pod) || isBeingReplaced(pod)) &&
      closed.has(pod.nodeName ?? '') &&
      !isNodeLost(pod) &&
      isToStay(pod, placement),
  );
  return nodes.eligible + new Set(kept.map(({ nodeName }) => nodeName)).size;
}

function isPresent({ isDead, isTerminating, marks }: PodView): boolean {
  return !isDead && !isTerminating && marks.drain === undefined;
}

/** It is missed until it is gone: else a rollout, which counts who is missing, would begin with one more. */
function isBeingReplaced({ isDead, isTerminating, marks }: PodView): boolean {
  return !isDead && !isTerminating && marks.drain?.reason === 'Rollout';
}

/**
 * A full disk, or a kubelet that was away, closes a node to new pods and is over by itself; the pod there goes on. One
 * that were drained for it would be lost for as long as its node is closed, since coturn cannot take a drain back.
 */
function isPassing(reason: string): boolean {
  return reason === 'NotReady' || reason === 'Tainted';
}

/** Nobody drains it or takes it out of service, and nobody takes its node away. */
function isToStay(pod: PodView, placement: TurnServer['spec']['placement']): boolean {
  const isLeaving = pod.node !== undefined && leavingOf(pod.node, { disruption, placement }) !== undefined;
  const { state = 'Unknown' } = requestOf(pod) ?? {};
  return !isLeaving && state === 'Unknown';
}
