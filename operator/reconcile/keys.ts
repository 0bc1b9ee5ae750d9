/** PURE: which RTCClusters a change concerns, as queue keys. */
import { labels } from '../desired/names.ts';
import type { KubeObject, ObjectKey } from '../kube/api.ts';
import { keyText, type StoreChange } from '../kube/store.ts';
import { isEqual } from './owned.ts';
import { nodeView } from './nodeView.ts';

/** A changed RTCCluster concerns itself. */
export function ownKeys({ previous, current }: StoreChange): string[] {
  const object = current ?? previous;
  return object === undefined ? [] : [keyText(object.metadata)];
}

/** A changed child concerns the cluster in its label; both clusters when the label moved. */
export function labelledKeys({ previous, current }: StoreChange): string[] {
  return [...new Set([previous, current].flatMap((object) => (object ? keyIn(object) : [])))];
}

/** A node may carry a pod of any cluster, so it concerns all, when something changed that we look at: not at each heartbeat. */
export function nodeKeys({ previous, current }: StoreChange, clusters: readonly string[]): readonly string[] {
  return previous && current && isEqual(nodeView(previous), nodeView(current)) ? [] : clusters;
}

/** A namespace that is being deleted concerns the clusters in it. */
export function namespaceKeys({ current }: StoreChange, clusters: readonly string[]): string[] {
  if (current?.metadata.deletionTimestamp === undefined) return [];
  return clusters.filter((key) => keyOf(key).namespace === current.metadata.name);
}

/** `namespace/name` → its parts. */
export function keyOf(text: string): ObjectKey {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

function keyIn({ metadata }: KubeObject): string[] {
  const name = metadata.labels?.[labels.cluster];
  if (name === undefined || metadata.namespace === undefined) return [];
  return [keyText({ namespace: metadata.namespace, name })];
}
