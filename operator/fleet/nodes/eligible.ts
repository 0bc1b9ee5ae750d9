/** How many nodes can carry a pod of a cluster, and what is against the others. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Reason } from '../pod.ts';
import type { NodeView, Taint } from './node.ts';
import type { PortUse } from './portUse.ts';
import { closingTaints } from './taints.ts';

/** What there is to choose from. */
export interface NodesInput {
  readonly nodes: readonly NodeView[];
  readonly placement: RtcCluster['spec']['placement'];
  /** The ports that each of our pods needs. */
  readonly ports: readonly PortUse[];
  /** Names of the nodes with a pod of this cluster, draining and terminating ones included. */
  readonly occupied: ReadonlySet<string>;
  /** By node: what SFU pods of other clusters, of whatever namespace, have taken. */
  readonly taken: ReadonlyMap<string, readonly PortUse[]>;
}

/** A node that cannot carry a pod, and why. */
export interface Exclusion extends Reason {
  readonly node: string;
}

/** See the file comment. CPU and memory are not looked at: those the scheduler weighs. */
export interface NodeSupply {
  /** Nodes that carry a pod of this cluster, or could. At most one serves on each. */
  readonly eligible: number;
  /** Those of them without any pod of this cluster: room for a new one right now. */
  readonly free: number;
  readonly excluded: readonly Exclusion[];
}

/** See the file comment. */
export function eligibleNodes(input: NodesInput): NodeSupply {
  const looked = input.nodes.map((node) => ({ node, against: against(node, input) }));
  const eligible = looked.filter((one) => one.against === undefined);
  return {
    eligible: eligible.length,
    free: eligible.filter(({ node }) => !input.occupied.has(node.name)).length,
    excluded: looked.flatMap(({ node, against: why }) =>
      why === undefined ? [] : [{ node: node.name, ...why }],
    ),
  };
}

/** The first reason against a node; a label that is missing comes first, for such a node is not meant for us. */
function against(node: NodeView, input: NodesInput): Reason | undefined {
  return wrongLabel(node, input) ?? unusable(node, input) ?? takenPort(node, input);
}

function wrongLabel({ labels }: NodeView, { placement }: NodesInput): Reason | undefined {
  const missing = Object.entries(placement.nodeSelector).find(([key, value]) => labels[key] !== value);
  if (missing === undefined) return undefined;
  return { reason: 'NodeSelector', message: `has not the label ${missing.join('=')}` };
}

function unusable(node: NodeView, { placement }: NodesInput): Reason | undefined {
  if (!node.isReady) return { reason: 'NotReady', message: 'is not ready' };
  const [taint] = closingTaints(node, placement.tolerations);
  if (taint === undefined) return undefined;
  return node.isCordoned
    ? { reason: 'Cordoned', message: 'is cordoned' }
    : { reason: 'Tainted', message: `has the taint ${taintText(taint)}` };
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? '' : `=${value}`}:${effect}`;
}

function takenPort({ name }: NodeView, { ports, taken }: NodesInput): Reason | undefined {
  const others = taken.get(name) ?? [];
  const clash = ports.find(({ protocol, port }) =>
    others.some((other) => other.protocol === protocol && other.port === port),
  );
  if (clash === undefined) return undefined;
  const message = `gives ${clash.protocol} port ${clash.port} to a pod of another RTCCluster`;
  return { reason: 'PortTaken', message };
}
