/** PURE: which of our objects a change concerns, as queue keys: `namespace/name`, with `TurnServer/` before for the second kind. */
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

/** A node may carry a pod of any of them, so it concerns all, when something changed that we look at: not at each heartbeat. */
export function nodeKeys({ previous, current }: StoreChange, clusters: readonly string[]): readonly string[] {
  return previous && current && isEqual(nodeView(previous), nodeView(current)) ? [] : clusters;
}

/** A namespace that is being deleted concerns those in it. */
export function namespaceKeys({ current }: StoreChange, clusters: readonly string[]): string[] {
  if (current?.metadata.deletionTimestamp === undefined) return [];
  return clusters.filter((key) => keyOf(key).namespace === current.metadata.name);
}

const turnPrefix = 'TurnServer/';

/** The queue key of a TurnServer. */
export function turnKey({ namespace = '', name }: ObjectKey): string {
  return `${turnPrefix}${namespace}/${name}`;
}

/** Whether a queue key is one of a TurnServer. */
export function isTurnKey(text: string): boolean {
  return text.startsWith(turnPrefix);
}

/** A changed child of a TurnServer concerns the one in its label; both when the label moved. */
export function turnLabelledKeys({ previous, current }: StoreChange): string[] {
  return [...new Set([previous, current].flatMap((object) => (object ? turnKeyIn(object) : [])))];
}

/** A queue key → its object. */
export function keyOf(text: string): ObjectKey {
  const [namespace = '', name = ''] = (isTurnKey(text) ? text.slice(turnPrefix.length) : text).split('/');
  return { namespace, name };
}

function turnKeyIn({ metadata }: KubeObject): string[] {
  const name = metadata.labels?.[labels.turnServer];
  if (name === undefined || metadata.namespace === undefined) return [];
  return [turnKey({ namespace: metadata.namespace, name })];
}

function keyIn({ metadata }: KubeObject): string[] {
  const name = metadata.labels?.[labels.cluster];
  if (name === undefined || metadata.namespace === undefined) return [];
  return [keyText({ namespace: metadata.namespace, name })];
}
