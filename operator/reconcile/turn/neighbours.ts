/** PURE: what a TurnServer has to do with the RTCClusters of its namespace: their SFU pods are peers, their binding Secrets issue credentials. */
import { hiddenCopies, recordedCopies, type CopyKey } from '../../desired/copyRecord.ts';
import { annotations, labels } from '../../desired/names.ts';
import type { KubeObject } from '../../kube/api.ts';
import { keyText } from '../../kube/store.ts';
import type { PeerPod } from '../../turn/peers.ts';
import type { Issuer } from '../../turn/rotation/state.ts';
import { secretHash } from '../../turn/secretHash.ts';
import { turnServerOf } from '../keys.ts';
import { byName } from '../observed.ts';
import type { Stores } from '../observe.ts';
import { reachFrom } from '../reach.ts';

/** A Secret that a Mattermost gets its environment from. */
export interface IssuingSecret extends Issuer {
  readonly namespace: string;
  readonly secretName: string;
}

/** See the file comment. */
export interface Neighbours {
  /** SFU pods of every RTCCluster of the namespace, by its name. */
  readonly clusters: ReadonlyMap<string, readonly PeerPod[]>;
  /** Names of the RTCClusters that use this TurnServer. */
  readonly users: readonly string[];
  /** All Secrets with the secret that credentials are made with. */
  readonly issuers: readonly IssuingSecret[];
}

/** What they are read from. */
export interface NeighbourSources {
  readonly around: Pick<Stores, 'clusters' | 'pods' | 'secrets' | 'bindings' | 'namespaces'>;
  /** The Secret for a Mattermost without an RTCCluster, where it is there. */
  readonly own: readonly KubeObject[];
}

/** See the file comment. */
export function neighboursOf(server: KubeObject, { around, own }: NeighbourSources): Neighbours {
  const { namespace, name } = server.metadata;
  const clusters = byName(around.clusters.all()).filter(({ metadata }) => metadata.namespace === namespace);
  const users = clusters.filter((cluster) => turnServerOf(cluster) === name);
  const bound = users.flatMap(({ metadata }) => [
    ...around.secrets
      .labelled(labels.cluster, metadata.name)
      .filter((secret) => secret.metadata.namespace === namespace && isBinding(secret)),
    ...around.bindings.copiesOf(metadata),
  ]);
  return {
    clusters: new Map(
      clusters.map(({ metadata }) => [
        metadata.name,
        around.pods
          .labelled(labels.cluster, metadata.name)
          .filter((pod) => pod.metadata.namespace === namespace && !hasEnded(pod))
          .map(peerOf),
      ]),
    ),
    users: users.map(({ metadata }) => metadata.name),
    issuers: [
      ...[...own, ...bound].map(issuerOf),
      ...users.flatMap((cluster) => hiddenIn(cluster, around)).map(unseen),
    ],
  };
}

/** Copies that are written down, where nobody of us may look whether they are still there. */
function hiddenIn(cluster: KubeObject, around: NeighbourSources['around']): CopyKey[] {
  const reachOf = reachFrom(cluster.metadata.namespace ?? '', around);
  const places = recordedCopies(cluster).map(({ namespace }) => [namespace, reachOf(namespace)] as const);
  return hiddenCopies(cluster, Object.fromEntries(places));
}

function unseen({ namespace, name }: CopyKey): IssuingSecret {
  return { ...named(namespace, name), isHidden: true };
}

function named(namespace: string, secretName: string): IssuingSecret {
  return { namespace, secretName, name: `Secret ${keyText({ namespace, name: secretName })}` };
}

function hasEnded(pod: KubeObject): boolean {
  const { phase = '' } = (pod['status'] ?? {}) as { readonly phase?: string };
  return phase === 'Failed' || phase === 'Succeeded';
}

function peerOf(pod: KubeObject): PeerPod {
  const { podIP, podIPs = [] } = (pod['status'] ?? {}) as {
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
  };
  const ips = podIPs.map(({ ip }) => ip);
  return {
    address: pod.metadata.annotations?.[annotations.address] ?? '',
    ips: ips.length > 0 || podIP === undefined ? ips : [podIP],
  };
}

const serviceUrl = 'MM_CALLS_RTCD_SERVICE_URL';
const issued = 'MM_CALLS_TURN_STATIC_AUTH_SECRET';

function dataOf(secret: KubeObject): Readonly<Record<string, string>> {
  return (secret['data'] ?? {}) as Readonly<Record<string, string>>;
}

/** Of all Secrets of an RTCCluster, the one for Mattermost. */
function isBinding(secret: KubeObject): boolean {
  return dataOf(secret)[serviceUrl] !== undefined;
}

function issuerOf(secret: KubeObject): IssuingSecret {
  const { namespace = '', name } = secret.metadata;
  const value = dataOf(secret)[issued];
  return {
    ...named(namespace, name),
    ...(value !== undefined && { hash: secretHash(Buffer.from(value, 'base64').toString()) }),
  };
}
