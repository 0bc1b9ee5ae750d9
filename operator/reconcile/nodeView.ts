/** PURE: Node objects and what pods take from them → what the fleet looks at. */
import type { PortUse } from '../fleet/nodes/portUse.ts';
import type { NodeView } from '../fleet/nodes/node.ts';
import type { KubeObject } from '../kube/api.ts';

interface StatusCondition {
  readonly type: string;
  readonly status: string;
}

interface NodeFields {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: NodeView['taints'] };
  readonly status?: {
    readonly conditions?: readonly StatusCondition[];
    readonly addresses?: NodeView['addresses'];
  };
}

const zoneLabel = 'topology.kubernetes.io/zone';

/** A Node, as far as we read it. */
export function nodeView(node: KubeObject): NodeView {
  const { spec = {}, status = {} } = node as NodeFields;
  const { name, labels = {}, annotations = {} } = node.metadata;
  const zone = labels[zoneLabel];
  return {
    name,
    isReady: isTrue(status.conditions, 'Ready'),
    isCordoned: spec.unschedulable === true,
    labels,
    annotations,
    // Without the time at which each was set: nothing depends on it.
    taints: (spec.taints ?? []).map(({ key, value, effect }) => ({
      key,
      ...(value !== undefined && { value }),
      effect,
    })),
    addresses: status.addresses ?? [],
    ...(zone !== undefined && { zone }),
  };
}

/**
 * The node of a pod where nodes are not ours to see: there, ready and open, as far as anyone knows, with the address
 * that the kubelet writes on the pod. Undefined until the pod has one.
 */
export function guessedNode(pod: KubeObject): NodeView | undefined {
  const name = nodeNameOf(pod);
  if (name === undefined) return undefined;
  const { hostIP } = (pod['status'] ?? {}) as { readonly hostIP?: string };
  const addresses = hostIP === undefined ? [] : [{ type: 'InternalIP', address: hostIP }];
  return { name, isReady: true, isCordoned: false, labels: {}, annotations: {}, taints: [], addresses };
}

/** Whether a condition of this type is there and True. */
export function isTrue(conditions: readonly StatusCondition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** Where a pod is, or is to be; undefined until the scheduler chose. */
export function nodeNameOf(pod: KubeObject): string | undefined {
  return ((pod['spec'] ?? {}) as { readonly nodeName?: string }).nodeName;
}

interface PodFields {
  readonly spec?: { readonly containers?: readonly { readonly ports?: readonly ContainerPort[] }[] };
}

interface ContainerPort {
  readonly hostPort?: number;
  readonly protocol?: PortUse['protocol'];
}

/** By node: the ports that these pods take from it. */
export function portsTaken(pods: readonly KubeObject[]): Map<string, PortUse[]> {
  const taken = new Map<string, PortUse[]>();
  for (const pod of pods) {
    const node = nodeNameOf(pod);
    if (node !== undefined) taken.set(node, [...(taken.get(node) ?? []), ...portsOf(pod)]);
  }
  return taken;
}

function portsOf(pod: KubeObject): PortUse[] {
  const ports = (pod as PodFields).spec?.containers?.flatMap((container) => container.ports ?? []) ?? [];
  return ports.flatMap(({ hostPort, protocol = 'TCP' }) =>
    hostPort === undefined ? [] : [{ protocol, port: hostPort }],
  );
}
