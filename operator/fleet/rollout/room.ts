/** Whether another pod finds a node, and whether there is but one node for all. */
import type { NodeSupply } from '../nodes/eligible.ts';
import type { PodView } from '../pod.ts';

/** See the file comment. */
export interface Room {
  /** Nodes for one more pod right now; undefined: nobody knows, but nothing speaks against it. */
  readonly free: number | undefined;
  /** The one pod of the only node there is: no second can stand beside it. */
  readonly onlyPod?: PodView;
}

/** Where nodes are not ours to see, a pod that finds none is the sign. */
export function roomOf(live: readonly PodView[], nodes: NodeSupply | undefined): Room {
  const placed = live.filter(({ nodeName }) => nodeName !== undefined);
  const { free, eligible } = nodes ?? guessed(live, placed.length);
  const [only] = placed;
  const isOnly = placed.length === 1 && eligible === 1 && free === 0;
  return { free, ...(only && isOnly && { onlyPod: only }) };
}

function guessed(
  live: readonly PodView[],
  placed: number,
): { readonly free?: number; readonly eligible?: number } {
  const isFull = live.some(({ problem }) => problem?.reason === 'Unschedulable');
  return isFull ? { free: 0, eligible: placed } : {};
}
