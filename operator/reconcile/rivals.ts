/** PURE: which RTCClusters count their nodes anew because pods of others took ports of a node, or gave them back. */
import { sfuPorts } from '../desired/ports.ts';
import type { RtcCluster } from '../api/rtccluster.ts';
import type { PortUse } from '../fleet/nodes/portUse.ts';
import type { KubeObject } from '../kube/api.ts';
import { keyText } from '../kube/store.ts';
import { nodeNameOf, portsTaken } from './nodeView.ts';

/** What one pod has of its node. */
export interface Taking {
  readonly node: string;
  /** uid of the RTCCluster that the pod belongs to. */
  readonly owner: string;
  readonly ports: readonly PortUse[];
}

/** Undefined: nothing, as long as the scheduler has not chosen. */
export function takingOf(pod: KubeObject | undefined): Taking | undefined {
  const node = pod && nodeNameOf(pod);
  if (pod === undefined || node === undefined) return undefined;
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '';
  return { node, owner, ports: portsTaken([pod]).get(node) ?? [] };
}

/** What pods had before and have since, each in the order in which it was heard. */
export interface Shift {
  readonly before?: Taking | undefined;
  readonly after?: Taking | undefined;
}

/** What is different in the end: a pod that another of the same cluster replaced on its node is not. */
export function netTakings(shifts: readonly Shift[]): readonly Taking[] {
  const counts = new Map<string, { readonly taking: Taking; count: number }>();
  const count = (taking: Taking | undefined, by: 1 | -1): void => {
    if (taking === undefined) return;
    const text = JSON.stringify(taking);
    const known = counts.get(text) ?? { taking, count: 0 };
    counts.set(text, { taking, count: known.count + by });
  };
  for (const { before, after } of shifts) {
    count(before, -1);
    count(after, 1);
  }
  return [...counts.values()].flatMap(({ taking, count: left }) => (left === 0 ? [] : [taking]));
}

/** Queue keys of the RTCClusters that one of these nodes is meant for, and whose pods need one of those ports there. */
export function rivalKeys(
  takings: readonly Taking[],
  clusters: readonly KubeObject[],
  nodeNamed: (name: string) => KubeObject | undefined,
): readonly string[] {
  const places = takings.map((taking) => ({ taking, node: nodeNamed(taking.node) }));
  return clusters
    .filter((cluster) =>
      places.some(
        ({ taking, node }) =>
          taking.owner !== cluster.metadata.uid &&
          isMeantFor(cluster, node) &&
          needsOneOf(cluster, taking.ports),
      ),
    )
    .map(({ metadata }) => keyText(metadata));
}

type Spec = RtcCluster['spec'];

/** As it was read: the API server has filled in the defaults, and nothing of it may be sure. */
type RawSpec = { readonly [K in 'network' | 'engine' | 'placement']?: Partial<Spec[K]> };

function rawSpec(cluster: KubeObject): RawSpec {
  return cluster['spec'] ?? {};
}

/** A node that is not there any more is meant for nobody; whether it went, they hear otherwise. */
function isMeantFor(cluster: KubeObject, node: KubeObject | undefined): boolean {
  if (node === undefined) return false;
  const wanted = Object.entries(rawSpec(cluster).placement?.nodeSelector ?? {});
  return wanted.every(([label, value]) => node.metadata.labels?.[label] === value);
}

function needsOneOf(cluster: KubeObject, ports: readonly PortUse[]): boolean {
  const { network: { apiPort, media } = {}, engine: { workers } = {} } = rawSpec(cluster);
  // Of one without defaults nobody can say: it looks for itself.
  if (apiPort === undefined || media === undefined || workers === undefined) return true;
  const needed = sfuPorts({ spec: { network: { apiPort, media }, engine: { workers } } });
  return needed.some((need) =>
    ports.some(({ protocol, port }) => need.protocol === protocol && need.port === port),
  );
}
