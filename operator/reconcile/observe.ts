/** Reads everything a reconcile looks at, once, from memory: stores and last facts, no request. */
import { rtcClusterSchema, type RtcCluster } from '../api/rtccluster.ts';
import type { SecretData } from '../desired/credentials.ts';
import { copyNamespaces } from '../desired/bindingCopies.ts';
import { recordedCopies, type Reaches } from '../desired/copyRecord.ts';
import type { Issuance } from '../desired/servedCertificate.ts';
import { labels } from '../desired/names.ts';
import type { TurnSight } from '../desired/turnUse.ts';
import type { AddressMaps } from '../fleet/addressOn.ts';
import type { NameFacts } from '../facts/nameWatch.ts';
import type { NodeView } from '../fleet/nodes/node.ts';
import type { Facts, PodView } from '../fleet/pod.ts';
import type { KubeObject, ObjectKey } from '../kube/api.ts';
import { keyText, type StoreReader } from '../kube/store.ts';
import type { BindingReader } from './bindingMirrors.ts';
import { issuanceOf } from './issuance.ts';
import { turnServerOf } from './keys.ts';
import { nodeView } from './nodeView.ts';
import { byName, byNumber, dataByName, nodeOf, parsedAs, type Parsed } from './observed.ts';
import type { Availability, OptionalReader } from './optionalMirror.ts';
import { namedUntil } from './outsideName.ts';
import { isControlledBy, isLeftOf } from './owned.ts';
import { reachFrom } from './reach.ts';
import { podView } from './view.ts';

/** The last known objects, by kind. All but nodes and clusters are indexed by `labels.cluster`. */
export interface Stores {
  readonly clusters: StoreReader;
  readonly pods: StoreReader;
  readonly services: StoreReader;
  readonly configMaps: StoreReader;
  readonly secrets: StoreReader;
  readonly budgets: StoreReader;
  readonly revisions: StoreReader;
  readonly certificates: OptionalReader;
  readonly bindings: BindingReader;
  readonly nodes: StoreReader;
  readonly namespaces: StoreReader;
}

/** One moment of one cluster. */
export interface Observed {
  /** The RTCCluster as it was read. */
  readonly object: KubeObject;
  /** The same with defaults, or all that is wrong with it. */
  readonly cluster: Parsed<RtcCluster>;
  /** Its namespace is being deleted, and soon all that is in it, our rights there included. */
  readonly isNamespaceEnding: boolean;
  readonly pods: readonly KubeObject[];
  /** The same pods as the fleet sees them. */
  readonly views: readonly PodView[];
  /** All nodes there are; absent where we may not see them. */
  readonly nodes?: readonly NodeView[];
  /** SFU pods of other clusters, of all namespaces that we watch. */
  readonly others: readonly KubeObject[];
  /** Services, ConfigMaps, Secrets and budgets that carry the cluster's label. */
  readonly found: readonly KubeObject[];
  /** ControllerRevisions that belong to the cluster. */
  readonly revisions: readonly KubeObject[];
  /** ControllerRevisions of a cluster of the same name that is gone: the garbage collector has not come by yet. */
  readonly leftovers: readonly KubeObject[];
  readonly secrets: SecretData;
  /** Data of those ConfigMaps, by name. */
  readonly configMaps: AddressMaps;
  readonly issuance: Issuance;
  /** What is seen of the TurnServer that it refers to. */
  readonly turn: TurnSight;
  /** Copies of the binding in other namespaces, and which of those that want or have one can be written to. */
  readonly copies: readonly KubeObject[];
  readonly reach: Reaches;
  /** What DNS says of the cluster's name outside; absent: it has none, or it was not asked for yet. */
  readonly name?: NameFacts;
  readonly nowMs: number;
}

/** TurnServers and their Secrets, as far as we may see them. */
export interface TurnReader {
  /** Unknown until all of it was listed. */
  availability(): Availability;
  readonly servers: StoreReader;
  /** Indexed by `labels.turnServer`. */
  readonly secrets: StoreReader;
}

/** What observing needs. */
export interface ObserveDeps {
  readonly stores: Stores;
  readonly factsOf: (uid: string) => Facts | undefined;
  /** What DNS said of the name of the cluster with this key. */
  readonly nameFactsOf: (cluster: string) => NameFacts | undefined;
  readonly canReadNodes: () => boolean;
  /** What is known of TurnServers. Default: nothing. */
  readonly turn?: TurnReader;
  /** SFU pods of all clusters. */
  readonly sfuPods: () => readonly KubeObject[];
  readonly nowMs: number;
}

/** Undefined when there is no such cluster any more. */
export function observe(key: ObjectKey, deps: ObserveDeps): Observed | undefined {
  const { stores, nowMs } = deps;
  const object = stores.clusters.get(key);
  if (object === undefined) return undefined;
  const labelled = (store: StoreReader): KubeObject[] =>
    store
      .labelled(labels.cluster, object.metadata.name)
      .filter(({ metadata }) => metadata.namespace === object.metadata.namespace);
  const pods = byNumber(stores.pods.ownedBy(object.metadata.uid ?? ''));
  const secrets = labelled(stores.secrets);
  const namespace = stores.namespaces.get({ name: object.metadata.namespace ?? '' });
  const cluster = parsedAs(rtcClusterSchema, object, namespace?.metadata.deletionTimestamp);
  const certificates = labelled(stores.certificates.store);
  const nodes = deps.canReadNodes() ? stores.nodes : undefined;
  const name = deps.nameFactsOf(keyText(key));
  return {
    object,
    cluster,
    isNamespaceEnding: namespace?.metadata.deletionTimestamp !== undefined,
    pods,
    views: pods.map((pod) => viewOf(pod, { deps, nodes, cluster, name })),
    ...(name && { name }),
    ...(nodes && { nodes: byName(nodes.all()).map(nodeView) }),
    others: deps.sfuPods().filter((pod) => !isControlledBy(pod, object.metadata.uid ?? '')),
    found: [stores.services, stores.configMaps, stores.budgets]
      .flatMap(labelled)
      .concat(secrets, certificates),
    ...revisionsOf(labelled(stores.revisions), object),
    secrets: dataByName(secrets),
    configMaps: dataByName(labelled(stores.configMaps)),
    turn: turnSightOf(object, deps.turn),
    copies: stores.bindings.copiesOf(object.metadata),
    ...around(cluster, stores, certificates),
    nowMs,
  };
}

function revisionsOf(
  labelled: readonly KubeObject[],
  cluster: KubeObject,
): Pick<Observed, 'revisions' | 'leftovers'> {
  return {
    revisions: labelled.filter((one) => isControlledBy(one, cluster.metadata.uid ?? '')),
    leftovers: labelled.filter((one) => isLeftOf(one, cluster)),
  };
}

interface ViewParts {
  readonly deps: ObserveDeps;
  readonly nodes: StoreReader | undefined;
  readonly cluster: Observed['cluster'];
  readonly name: NameFacts | undefined;
}

function viewOf(pod: KubeObject, { deps, nodes, cluster, name }: ViewParts): PodView {
  const { factsOf, nowMs } = deps;
  const view = podView(pod, { node: nodeOf(pod, nodes), facts: factsOf(pod.metadata.uid ?? ''), nowMs });
  return cluster.ok ? { ...view, ...namedUntil(cluster.value, pod, { facts: name, nowMs }) } : view;
}

/** By what stands in the spec, whether or not the rest of it can be read. */
function turnSightOf(cluster: KubeObject, turn: TurnReader | undefined): TurnSight {
  const { namespace = '' } = cluster.metadata;
  const name = turnServerOf(cluster);
  if (name === undefined || turn === undefined) return { availability: 'NotServed', secrets: {} };
  const server = turn.servers.get({ namespace, name });
  const secrets = turn.secrets
    .labelled(labels.turnServer, name)
    .filter(({ metadata }) => metadata.namespace === namespace);
  return { availability: turn.availability(), ...(server && { server }), secrets: dataByName(secrets) };
}

/** What is only asked of a cluster whose spec can be read. */
function around(
  cluster: Observed['cluster'],
  stores: Stores,
  certificates: readonly KubeObject[],
): Pick<Observed, 'reach' | 'issuance'> {
  if (!cluster.ok) return { reach: {}, issuance: { availability: 'Unknown' } };
  const reachOf = reachFrom(cluster.value.metadata.namespace, stores);
  const recorded = recordedCopies(cluster.value).map(({ namespace }) => namespace);
  const namespaces = [...copyNamespaces(cluster.value), ...recorded];
  return {
    reach: Object.fromEntries(namespaces.map((name) => [name, reachOf(name)])),
    issuance: issuanceOf(cluster.value, stores.certificates, certificates),
  };
}
