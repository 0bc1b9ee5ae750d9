/** The mirrors of everything we look at: one set of stores per watched namespace, nodes in common. */
import type { KubeApi, KubeObject } from '../kube/api.ts';
import type { Clock } from '../kube/clock.ts';
import type { ReflectorObserver } from '../kube/reflector.ts';
import * as resources from '../kube/resources.ts';
import { createStore } from '../kube/store.ts';
import { trimNamespace, trimNode } from '../kube/trim.ts';
import type { Log } from '../ops/logger.ts';
import type { WatchedKind } from '../ops/metrics.ts';
import {
  namespaceKeys,
  nodeKeys,
  ownKeys,
  turnKeysBeside,
  turnNeighbours,
  turnReferrers,
  turnUsers,
} from './keys.ts';
import type { Stores } from './observe.ts';
import { createBindingMirrors } from './bindingMirrors.ts';
import { reflect, watchedIn, watchedKind, type Mirror } from './mirror.ts';
import { createRivalWatch } from './rivalWatch.ts';
import { emptyScope, listenIn, namespaceMirrors, noteIn, type Scope } from './scope.ts';
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
  /** Whether it is one of those that are watched. */
  watches(namespace: string): boolean;
  /** The stores that know this namespace. Throws a RangeError when it is not watched. */
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
  const scopeOf = (namespace: string): Scope | undefined => stores.get(namespace) ?? stores.get('');
  const storesFor = (namespace: string): Scope => {
    const found = scopeOf(namespace);
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
  const rivals = createRivalWatch({
    ...{ clock: deps.clock, onChange, clusters: everyClusterObject },
    nodeNamed: (name) => nodes.get({ name }),
  });
  const listen = (): void => {
    nodes.subscribe((change) => nodeKeys(change, everyone()).forEach(deps.onChange));
    namespaces.subscribe((change) => namespaceKeys(change, everyone()).forEach(deps.onChange));
    for (const set of stores.values()) {
      listenIn(set, deps);
      set.pods.subscribe((change) => rivals.heard(change));
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
    ).then(() => rivals.begin()),
    watches: (namespace) => scopeOf(namespace) !== undefined,
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
      rivals.close();
      const optional = [...stores.values()].map(({ certificates }) => certificates);
      await Promise.all([...reflectors, ...optional, bindings, turn].map((mirror) => mirror.close()));
    },
  };
}

function isMissed({ reflector, mayBeRefused }: Mirror): boolean {
  return !reflector.hasSynced() && !(mayBeRefused && reflector.isRefused());
}

function missing(mirrors: readonly Mirror[]): string | undefined {
  if (mirrors.length === 0) return undefined;
  return `not listed yet: ${mirrors.map(({ reflector }) => reflector.resource.kind).join(', ')}`;
}
