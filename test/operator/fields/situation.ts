/** The situations that a field can matter in: what is there when the operator looks. All begin with three well nodes. */
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import { annotations, labels } from '../../../operator/desired/names.ts';
import { podTemplate, sfuPod } from '../../../operator/desired/sfuPod.ts';
import type { Facts } from '../../../operator/fleet/pod.ts';
import type { ScaleHistory } from '../../../operator/fleet/scale/history.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { before, facts } from '../../support/pods.ts';

/** Image of pods whose cluster names none. */
export const sfuImage = 'registry.example.com/sfu:1';

/** One SFU pod. */
export interface PodPlan {
  readonly object: KubeObject;
  readonly facts?: Facts;
}

/** What is there beside the RTCCluster. `cluster` is as it is before the field is set. */
export interface Situation {
  readonly nodes?: readonly KubeObject[];
  readonly pods?: (cluster: RtcCluster) => readonly PodPlan[];
  readonly others?: (cluster: RtcCluster) => readonly KubeObject[];
  /** What the operator remembers of the number of pods. Default: nothing, it has just started. */
  readonly history?: ScaleHistory;
  /** Annotations, labels and the like of the RTCCluster. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Nothing but three nodes: everything is to be made. */
export const fresh: Situation = {};

/** As many published, idle pods of the current revision as there are nodes. */
export function running(...changes: readonly PodChange[]): Situation {
  const all = changes.length > 0 ? changes : [{}, {}];
  return { pods: (cluster) => all.map((change, index) => podOf(cluster, index, change)) };
}

/** What is special about a pod: published and idle for two hours when nothing is. */
export interface PodChange {
  /** Name of its node. Default: n1, n2, … by number. */
  readonly node?: string;
  readonly isReady?: boolean;
  readonly isPublished?: boolean;
  /** Reason and how long ago it began. */
  readonly drain?: { readonly reason: string; readonly agoMs: number };
  readonly facts?: Facts;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly createdAgoMs?: number;
}

/** A pod with number `index` as our own template makes it, bound, and marked as said. */
export function podOf(cluster: RtcCluster, index: number, change: PodChange = {}): PodPlan {
  const { node = `n${index + 1}`, isReady = true, createdAgoMs = 7_200_000 } = change;
  const made = sfuPod(cluster, { template: podTemplate(cluster, sfuImage), index }) as KubeObject;
  const object = {
    ...made,
    metadata: {
      ...made.metadata,
      uid: `pod-${index}`,
      creationTimestamp: timeOf(createdAgoMs),
      labels: { ...made.metadata.labels, ...marks(change), ...change.labels },
      annotations: { ...made.metadata.annotations, ...memory(index, change), ...change.annotations },
    },
    spec: { ...(made['spec'] as object), nodeName: node },
    status: {
      phase: 'Running',
      podIP: addressOf(index),
      hostIP: addressOf(index),
      conditions: ['PodScheduled', 'Ready'].map((type) => ({
        type,
        status: type === 'PodScheduled' || isReady ? 'True' : 'False',
      })),
    },
  };
  return { object, facts: change.facts ?? facts() };
}

function marks({ isPublished = true, drain }: PodChange): Readonly<Record<string, string>> {
  const isInDns = isPublished && drain === undefined;
  return { [labels.busy]: 'true', ...(isInDns && { [labels.published]: 'true' }) };
}

function memory(index: number, { isPublished = true, drain }: PodChange): Readonly<Record<string, string>> {
  return {
    [annotations.address]: `203.0.113.${index + 11},${addressOf(index)}`,
    ...((isPublished || drain !== undefined) && {
      [annotations.publishedSince]: timeOf(7_000_000),
      [annotations.firstPublished]: timeOf(7_000_000),
    }),
    ...(drain && {
      [annotations.drain]: drain.reason,
      [annotations.drainStarted]: timeOf(drain.agoMs),
    }),
  };
}

/** A ready node with an internal and a public address, in a zone of its own. */
export function nodeOf(index: number, change: Readonly<Record<string, unknown>> = {}): KubeObject {
  const name = `n${index + 1}`;
  const { metadata, spec, status } = change as Partial<Record<string, object>>;
  const addresses = [
    { type: 'InternalIP', address: addressOf(index) },
    { type: 'ExternalIP', address: `203.0.113.${index + 11}` },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `z${index + 1}` },
      ...metadata,
    },
    spec: { ...spec },
    status: { conditions: [{ type: 'Ready', status: 'True' }], addresses, ...status },
  };
}

/** Well nodes, as many as asked for. */
export function nodesOf(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => nodeOf(index));
}

function addressOf(index: number): string {
  return `10.99.0.${index + 11}`;
}

function timeOf(agoMs: number): string {
  return new Date(before(agoMs)).toISOString();
}
