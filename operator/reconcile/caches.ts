/** The mirrors of everything we look at: one set of stores per watched namespace, nodes in common. */
import { labels } from '../desired/names.ts';
import type { KubeApi, KubeObject, Selection } from '../kube/api.ts';
import type { Clock } from '../kube/clock.ts';
import type { ReflectorObserver } from '../kube/reflector.ts';
import * as resources from '../kube/resources.ts';
import { createStore, type Store } from '../kube/store.ts';
import { trimMetadata, trimNamespace, trimNode, trimPod, type Trim } from '../kube/trim.ts';
import type { Log } from '../ops/logger.ts';
import type { WatchedKind } from '../ops/metrics.ts';
import {
  labelledKeys,
  namespaceKeys,
  nodeKeys,
  ownKeys,
  turnKeysBeside,
  turnNeighbours,
  turnReferrers,
  turnUsers,
} from './keys.ts';
import type { Stores } from './observe.ts';
import { createBindingMirrors, type BindingMirrors } from './bindingMirrors.ts';
import { reflect, reflectOptional, watchedIn, watchedKind, type Mirror } from './mirror.ts';
import type { OptionalMirror } from './optionalMirror.ts';
import { createTurnCaches, type TurnCaches } from './turn/caches.ts';

/** What caches are made of. */
export interface CachesDeps {
  readonly kube: Pick<KubeApi, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
  /** Namespaces that binding Secrets may be copied to. Default: none. */
  readonly bindingNamespaces?: readonly string[];
  /** Called with the queue key of each RTCCluster or TurnServer that a change concerns. */
  readonly onChange: (key: string) => void;
  /** Called when an SFU pod changed. */
  readonly onPod: () => void;
  /** Called when a TURN pod changed. Default: nobody cares. */
  readonly onTurnPod?: () => void;
  readonly observer?: ReflectorObserver;
}

/** See the file comment. */
export interface Caches {
  /** For metrics and health: each kind, how many, and how long ago we heard of it. */
  kinds(): readonly WatchedKind[];
  /** Which kinds were not listed yet; undefined when all were. */
  notSynced(): string | undefined;
  start(): void;
  /** Resolves when every store has been filled once; nodes and namespaces need not be, where they are not ours to see. */
  readonly synced: Promise<void>;
  /** The stores that know this namespace. */
  storesFor(namespace: string): Stores;
  /** False where nobody gave us the right to: each pod's node is then guessed from the pod. */
  canReadNodes(): boolean;
  /** All SFU pods, and a look-up of Secrets: for the poller. */
  sfuPods(): readonly KubeObject[];
  secretNamed(namespace: string, name: string): KubeObject | undefined;
  /** What there is of TurnServers. */
  readonly turn: TurnCaches;
  /** All RTCClusters, and their keys. */
  clusters(): readonly KubeObject[];
  clusterKeys(): string[];
  /** Notes what a write of ours gave back, ahead of its event. */
  noteWrite(object: KubeObject): void;
  close(): Promise<void>;
}

type CoreStores = { readonly [K in Exclude<keyof Stores, 'certificates' | 'bindings'>]: Store };

/** What is kept of one watched namespace, or of all. */
interface Scope extends CoreStores {
  readonly certificates: OptionalMirror;
  /** The same for all. */
  readonly bindings: BindingMirrors;
}

const podsOfOurs = `${labels.role}=sfu`;

/** Caches that are empty until `start()`. */
export function createCaches(deps: CachesDeps): Caches {
  const nodes = createStore({ log: deps.log });
  const namespaces = createStore({ log: deps.log });
  const scopes = deps.namespaces.length === 0 ? [''] : deps.namespaces;
  const { bindingNamespaces = [], onChange } = deps;
  const everyone = (): string[] => [...everyCluster(), ...turn.keys()];
  const bindings = createBindingMirrors({
    ...{ ...deps, namespaces: bindingNamespaces, onReach: () => everyone().forEach(onChange) },
    onChange: (cluster) => [cluster, ...turnKeysBeside(cluster, turn.keys())].forEach(onChange),
  });
  const stores = new Map(
    scopes.map((scope) => [scope, emptyScope(deps, scope, { nodes, namespaces, bindings })]),
  );
  const namespaceMirror = reflect(deps, resources.namespaces, {
    ...{ store: namespaces, trim: trimNamespace, mayBeRefused: true },
  });
  const nodeMirror = reflect(deps, resources.nodes, { store: nodes, trim: trimNode, mayBeRefused: true });
  const mirrors = [
    nodeMirror,
    namespaceMirror,
    ...[...stores].flatMap(([scope, set]) => namespaceMirrors(deps, scope, set)),
  ];
  const reflectors = mirrors.map(({ reflector }) => reflector);
  const storesFor = (namespace: string): Scope => {
    const found = stores.get(namespace) ?? stores.get('');
    if (found === undefined) throw new RangeError(`namespace ${namespace} is not watched`);
    return found;
  };
  const turn = createTurnCaches({
    ...{ ...deps, scopes, onPod: deps.onTurnPod ?? (() => undefined) },
    onReach: () => turnReferrers(everyClusterObject()).forEach(deps.onChange),
  });
  const everyPod = (): KubeObject[] => [...stores.values()].flatMap(({ pods }) => pods.all());
  const everyClusterObject = (): KubeObject[] =>
    [...stores.values()].flatMap(({ clusters }) => clusters.all());
  const everyCluster = (): string[] =>
    [...stores.values()].flatMap(({ clusters }) => clusters.all().flatMap((current) => ownKeys({ current })));
  const listen = (): void => {
    nodes.subscribe((change) => nodeKeys(change, everyone()).forEach(deps.onChange));
    namespaces.subscribe((change) => namespaceKeys(change, everyone()).forEach(deps.onChange));
    for (const set of stores.values()) {
      subscribe(set, deps);
      for (const store of [set.clusters, set.pods, set.secrets])
        store.subscribe((change) => turnNeighbours(change, turn.keys()).forEach(deps.onChange));
    }
    turn.subscribe((change) => turnUsers(change, everyClusterObject()).forEach(deps.onChange));
  };
  return {
    kinds: () => [
      ...mirrors.map(({ reflector, store }) => watchedKind(reflector, store)),
      ...watchedIn([...stores.values()].map(({ certificates }) => certificates)),
      ...bindings.kinds(),
      ...turn.kinds(),
    ],
    notSynced: () => missing(mirrors.filter(isMissed)),
    start() {
      listen();
      for (const reflector of reflectors) reflector.start();
      bindings.start();
      turn.start();
    },
    synced: Promise.all(
      mirrors.map(({ reflector, mayBeRefused }) => (mayBeRefused ? reflector.settled : reflector.synced)),
    ).then(() => undefined),
    storesFor,
    canReadNodes: () => !nodeMirror.reflector.isRefused(),
    sfuPods: everyPod,
    turn,
    secretNamed: (namespace, name) => storesFor(namespace).secrets.get({ namespace, name }),
    clusters: everyClusterObject,
    clusterKeys: everyCluster,
    noteWrite(object) {
      if (!bindings.noteWrite(object) && !turn.noteWrite(object))
        noteIn(storesFor(object.metadata.namespace ?? ''), object);
    },
    close: async () => {
      const optional = [...stores.values()].map(({ certificates }) => certificates);
      await Promise.all([...reflectors, ...optional, bindings, turn].map((mirror) => mirror.close()));
    },
  };
}

function emptyScope(
  deps: CachesDeps,
  scope: string,
  common: Pick<Scope, 'nodes' | 'namespaces' | 'bindings'>,
): Scope {
  const { log } = deps;
  const byCluster = (): Store => createStore({ indexLabels: [labels.cluster], log });
  const clusters = createStore({ log });
  return {
    clusters,
    pods: byCluster(),
    services: byCluster(),
    configMaps: byCluster(),
    secrets: byCluster(),
    budgets: byCluster(),
    revisions: byCluster(),
    certificates: reflectOptional(deps, resources.certificates, {
      store: byCluster(),
      selection: selectionIn(scope, labels.cluster),
      onChange: () =>
        clusters
          .all()
          .flatMap((current) => ownKeys({ current }))
          .forEach(deps.onChange),
    }),
    ...common,
  };
}

function selectionIn(scope: string, labelSelector?: string): Selection {
  return {
    ...(scope !== '' && { namespace: scope }),
    ...(labelSelector !== undefined && { labelSelector }),
  };
}

function namespaceMirrors(deps: CachesDeps, scope: string, stores: CoreStores): Mirror[] {
  const within = (labelSelector?: string): Selection => selectionIn(scope, labelSelector);
  const ours = within(labels.cluster);
  return [
    reflect(deps, resources.rtcclusters, { store: stores.clusters, selection: within() }),
    reflect(deps, resources.pods, { store: stores.pods, selection: within(podsOfOurs), trim: trimPod }),
    reflect(deps, resources.services, { store: stores.services, selection: ours }),
    reflect(deps, resources.configMaps, { store: stores.configMaps, selection: ours }),
    reflect(deps, resources.secrets, { store: stores.secrets, selection: ours }),
    reflect(deps, resources.podDisruptionBudgets, { store: stores.budgets, selection: ours }),
    reflect(deps, resources.controllerRevisions, { store: stores.revisions, selection: ours }),
  ];
}

function isMissed({ reflector, mayBeRefused }: Mirror): boolean {
  return !reflector.hasSynced() && !(mayBeRefused && reflector.isRefused());
}

function missing(mirrors: readonly Mirror[]): string | undefined {
  if (mirrors.length === 0) return undefined;
  return `not listed yet: ${mirrors.map(({ reflector }) => reflector.resource.kind).join(', ')}`;
}

function subscribe(stores: Scope, { onChange, onPod }: CachesDeps): void {
  stores.clusters.subscribe((change) => ownKeys(change).forEach(onChange));
  const { pods, services, configMaps, secrets, budgets, revisions, certificates } = stores;
  const children = [pods, services, configMaps, secrets, budgets, revisions, certificates.store];
  for (const store of children) store.subscribe((change) => labelledKeys(change).forEach(onChange));
  stores.pods.subscribe(onPod);
}

/** Where an object of this kind is kept, and how it is trimmed there. */
function noteIn(stores: Scope, object: KubeObject): void {
  const kept: Readonly<Record<string, { readonly store: Store; readonly trim: Trim }>> = {
    RTCCluster: { store: stores.clusters, trim: trimMetadata },
    Pod: { store: stores.pods, trim: trimPod },
    Service: { store: stores.services, trim: trimMetadata },
    ConfigMap: { store: stores.configMaps, trim: trimMetadata },
    Secret: { store: stores.secrets, trim: trimMetadata },
    ControllerRevision: { store: stores.revisions, trim: trimMetadata },
    PodDisruptionBudget: { store: stores.budgets, trim: trimMetadata },
    Certificate: { store: stores.certificates.store, trim: trimMetadata },
  };
  const place = kept[object.kind];
  place?.store.noteWrite(place.trim(object));
}
