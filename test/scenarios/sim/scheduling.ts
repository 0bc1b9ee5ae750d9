/** Pure: why a pod cannot run on a node, in the words of kube-scheduler's filters. */
import type { NodeView } from '../../../operator/fleet/nodes/node.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { nodeNameOf, portsTaken } from '../../../operator/reconcile/nodeView.ts';

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface PodSpec {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
}

/** Undefined when the pod fits. `pods` are all there are. */
export function schedulingProblem(
  pod: KubeObject,
  node: NodeView,
  pods: readonly KubeObject[],
): string | undefined {
  const { nodeSelector = {}, tolerations = [] } = pod['spec'] as PodSpec;
  if (Object.entries(nodeSelector).some(([key, value]) => node.labels[key] !== value)) return 'NodeAffinity';
  if (node.isCordoned) return 'NodeUnschedulable';
  const borne = ({ key, effect }: NodeView['taints'][number]): boolean =>
    tolerations.some(
      (one) => (one.key ?? key) === key && one.operator === 'Exists' && (one.effect ?? effect) === effect,
    );
  if (node.taints.some((taint) => taint.effect !== 'PreferNoSchedule' && !borne(taint)))
    return 'TaintToleration';
  // The node lifecycle controller keeps new pods off with a NoSchedule taint that nobody of ours bears.
  if (!node.isReady) return 'TaintToleration';
  return portsCollide(pod, node, pods) ? 'NodePorts' : undefined;
}

function portsCollide(pod: KubeObject, { name }: NodeView, pods: readonly KubeObject[]): boolean {
  const there = portsTaken(pods.filter((other) => nodeNameOf(other) === name)).get(name) ?? [];
  const wanted =
    portsTaken([{ ...pod, spec: { ...(pod['spec'] as object), nodeName: name } }]).get(name) ?? [];
  return wanted.some(({ protocol, port }) =>
    there.some((other) => other.protocol === protocol && other.port === port),
  );
}
