/** PURE: which of our objects a change concerns, as queue keys: `namespace/name`, with `TurnServer/` before for the second kind. */
import { annotations, labels } from '../desired/names.ts';
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

/** A changed TurnServer, or a Secret of one, concerns the RTCClusters that send their clients there. */
export function turnUsers(
  { previous, current }: StoreChange,
  clusters: readonly KubeObject[],
): readonly string[] {
  const { kind = '', metadata } = current ?? previous ?? {};
  const name = kind === 'TurnServer' ? metadata?.name : metadata?.labels?.[labels.turnServer];
  return clusters.flatMap((cluster) => {
    const isUser = turnServerOf(cluster) === name && cluster.metadata.namespace === metadata?.namespace;
    return isUser && name !== undefined ? [keyText(cluster.metadata)] : [];
  });
}

/** RTCClusters that refer to any TurnServer. */
export function turnReferrers(clusters: readonly KubeObject[]): readonly string[] {
  return clusters.flatMap((cluster) =>
    turnServerOf(cluster) === undefined ? [] : [keyText(cluster.metadata)],
  );
}

/** The TurnServer that an RTCCluster refers to, whether or not the rest of its spec can be read. */
export function turnServerOf(cluster: KubeObject): string | undefined {
  const { turn } = (cluster['spec'] ?? {}) as { readonly turn?: { readonly turnServerName?: string } };
  return turn?.turnServerName;
}

/** SFU pods are peers of TURN servers, binding Secrets and RTCClusters issue for them: a change concerns those of the namespace. */
export function turnNeighbours(
  { previous, current }: StoreChange,
  keys: readonly string[],
): readonly string[] {
  if (previous && current && isHeartbeat(previous, current)) return [];
  const namespace = (current ?? previous)?.metadata.namespace;
  return keys.filter((key) => keyOf(key).namespace === namespace);
}

/** TurnServers in the namespace of an RTCCluster: a copy of its binding elsewhere issues for them, too. */
export function turnKeysBeside(cluster: string, keys: readonly string[]): readonly string[] {
  const { namespace } = keyOf(cluster);
  return keys.filter((key) => keyOf(key).namespace === namespace);
}

/** What we wrote ourselves is in the store before its event: then both are the same object, and nobody has heard of it yet. */
function isHeartbeat(previous: KubeObject, current: KubeObject): boolean {
  const isOther = previous.metadata.resourceVersion !== current.metadata.resourceVersion;
  return isOther && isEqual(asNeighbour(previous), asNeighbour(current));
}

/** What TURN servers have to do with. */
function asNeighbour({ kind, metadata, ...rest }: KubeObject): unknown {
  const { podIP, podIPs, phase } = (rest['status'] ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'Pod') return { podIP, podIPs, phase, address: metadata.annotations?.[annotations.address] };
  if (kind === 'RTCCluster') {
    const { turn } = (rest['spec'] ?? {}) as { readonly turn?: unknown };
    return { turn, copies: metadata.annotations?.[annotations.bindingCopies] };
  }
  return rest['data'];
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
