/**
 * The mirrors of TurnServers and all that belongs to them. The kind may not be installed, and nobody may use it: what
 * belongs to TurnServers is listed and watched only from when there is one in the namespace.
 */
import { labels } from '../../desired/names.ts';
import type { KubeObject, Resource } from '../../kube/api.ts';
import * as resources from '../../kube/resources.ts';
import { createStore, type StoreChange, type StoreReader } from '../../kube/store.ts';
import { trimMetadata, trimPod, type Trim } from '../../kube/trim.ts';
import type { WatchedKind } from '../../ops/metrics.ts';
import { turnKey, turnLabelledKeys } from '../keys.ts';
import { reflectOptional, watchedIn, type MirrorDeps } from '../mirror.ts';
import type { TurnReader } from '../observe.ts';
import type { OptionalMirror, OptionalReader } from '../optionalMirror.ts';

/** The last known objects of one namespace, or of all that are watched. */
export interface TurnStores {
  readonly servers: StoreReader;
  readonly pods: StoreReader;
  readonly services: StoreReader;
  readonly configMaps: StoreReader;
  readonly secrets: StoreReader;
  readonly budgets: StoreReader;
  readonly certificates: OptionalReader;
}

/** What they are made of. */
export interface TurnCachesDeps extends MirrorDeps {
  /** Empty text: all namespaces. */
  readonly scopes: readonly string[];
  /** Called with the queue key of each TurnServer that a change concerns. */
  readonly onChange: (key: string) => void;
  /** Called when it changed whether TurnServers can be seen. */
  readonly onReach: () => void;
  /** Called when a TURN pod changed. */
  readonly onPod: () => void;
}

/** See the file comment. */
export interface TurnCaches {
  start(): void;
  /** Resolves when all that there is of TurnServers was listed, or it is known that there is no such kind. */
  readonly known: Promise<void>;
  /** Undefined while what belongs to TurnServers there is not known yet: nothing may be decided then. */
  storesFor(namespace: string): TurnStores | undefined;
  /** What RTCClusters there are shown of them. */
  readerFor(namespace: string): TurnReader | undefined;
  /** Which kind keeps `storesFor` from being known, because nobody of us may list it or there is none; undefined: none does. */
  lackIn(namespace: string): Lack | undefined;
  /** Those in reach. */
  kinds(): readonly WatchedKind[];
  /** All TurnServers, and their queue keys. */
  servers(): readonly KubeObject[];
  keys(): string[];
  pods(): readonly KubeObject[];
  secretNamed(namespace: string, name: string): KubeObject | undefined;
  /** Keeps what a write gave back; false when it belongs to no TurnServer. */
  noteWrite(object: KubeObject): boolean;
  /** Called with each change of a TurnServer, or of a Secret of one. */
  subscribe(listener: (change: StoreChange) => void): void;
  close(): Promise<void>;
}

/** A kind that cannot be listed, and why. */
export interface Lack {
  readonly resource: Resource;
  readonly availability: 'Forbidden' | 'NotServed';
}

interface Kept {
  readonly resource: Resource;
  readonly mirror: OptionalMirror;
  readonly trim: Trim;
}

type ChildName = 'pods' | 'services' | 'configMaps' | 'secrets' | 'budgets';

/** What is kept of one scope. */
interface Scope {
  readonly servers: Kept;
  readonly children: Readonly<Record<ChildName, Kept>>;
  readonly certificates: OptionalMirror;
}

/** Empty until `start()`. */
export function createTurnCaches(deps: TurnCachesDeps): TurnCaches {
  const known = Promise.withResolvers<unknown>();
  const onReach = (): void => {
    if (all.every(isSettled)) known.resolve(undefined);
    deps.onReach();
  };
  const heard = { ...deps, onReach };
  const scopes = new Map(deps.scopes.map((scope) => [scope, scopeOf(heard, scope)]));
  const all = [...scopes.values()];
  const found = (namespace: string): Scope | undefined => scopes.get(namespace) ?? scopes.get('');
  const listeners = new Set<Parameters<TurnCaches['subscribe']>[0]>();
  return {
    start() {
      for (const scope of all) {
        listen(scope, deps);
        for (const { mirror } of [scope.servers, scope.children.secrets])
          mirror.store.subscribe((change) => listeners.forEach((listener) => listener(change)));
        scope.servers.mirror.want();
      }
    },
    known: known.promise.then(() => undefined),
    storesFor(namespace) {
      const scope = found(namespace);
      return scope !== undefined && isKnown(scope) ? storesOf(scope) : undefined;
    },
    lackIn(namespace) {
      const scope = found(namespace);
      return scope && lackOf(scope);
    },
    kinds: () => watchedIn(all.flatMap(mirrorsOf)),
    readerFor(namespace) {
      const scope = found(namespace);
      return scope && readerOf(scope);
    },
    servers: () => all.flatMap(({ servers }) => servers.mirror.store.all()),
    keys: () => all.flatMap(keysIn),
    pods: () => all.flatMap(({ children }) => children.pods.mirror.store.all()),
    secretNamed: (namespace, name) =>
      found(namespace)?.children.secrets.mirror.store.get({ namespace, name }),
    noteWrite(object) {
      const scope = found(object.metadata.namespace ?? '');
      const kept = scope && keptFor(scope, object);
      kept?.mirror.store.noteWrite(kept.trim(object));
      return isOurs(object);
    },
    subscribe: (listener) => void listeners.add(listener),
    close: async () => {
      await Promise.all(all.flatMap(mirrorsOf).map((mirror) => mirror.close()));
    },
  };
}

function scopeOf(deps: TurnCachesDeps, scope: string): Scope {
  const place = scope === '' ? {} : { namespace: scope };
  /** What came into reach, or is out of it, concerns them all. */
  const onChange = (): void => {
    deps.onReach();
    keysIn(made).forEach(deps.onChange);
  };
  const keep = (resource: Resource, labelSelector?: string, trim: Trim = trimMetadata): Kept => {
    const store = createStore({ indexLabels: [labels.turnServer], log: deps.log });
    const selection = { ...place, ...(labelSelector !== undefined && { labelSelector }) };
    return { resource, mirror: reflectOptional(deps, resource, { store, selection, trim, onChange }), trim };
  };
  const made: Scope = {
    servers: keep(resources.turnservers),
    children: {
      pods: keep(resources.pods, `${labels.turnServer},${labels.role}=turn`, trimPod),
      services: keep(resources.services, labels.turnServer),
      configMaps: keep(resources.configMaps, labels.turnServer),
      secrets: keep(resources.secrets, labels.turnServer),
      budgets: keep(resources.podDisruptionBudgets, labels.turnServer),
    },
    certificates: keep(resources.certificates, labels.turnServer).mirror,
  };
  return made;
}

function keysIn({ servers }: Scope): string[] {
  return servers.mirror.store.all().map(({ metadata }) => turnKey(metadata));
}

/** Nobody wants what belongs to TurnServers where there are none. */
function isSettled(scope: Scope): boolean {
  const { mirror } = scope.servers;
  const availability = mirror.want();
  if (availability !== 'Served') return availability !== 'Unknown';
  return mirror.store.size() === 0 || isKnown(scope) || lackOf(scope) !== undefined;
}

function isKnown({ children }: Scope): boolean {
  return Object.values(children).every(({ mirror }) => mirror.want() === 'Served');
}

function lackOf({ children }: Scope): Lack | undefined {
  for (const { mirror, resource } of Object.values(children)) {
    const availability = mirror.want();
    if (availability === 'Forbidden' || availability === 'NotServed') return { resource, availability };
  }
  return undefined;
}

function readerOf(scope: Scope): TurnReader {
  const { servers, children } = scope;
  return {
    availability() {
      const availability = servers.mirror.want();
      return availability === 'Served' && !isKnown(scope) ? 'Unknown' : availability;
    },
    servers: servers.mirror.store,
    secrets: children.secrets.mirror.store,
  };
}

function storesOf({ servers, children, certificates }: Scope): TurnStores {
  const { pods, services, configMaps, secrets, budgets } = children;
  return {
    servers: servers.mirror.store,
    pods: pods.mirror.store,
    services: services.mirror.store,
    configMaps: configMaps.mirror.store,
    secrets: secrets.mirror.store,
    budgets: budgets.mirror.store,
    certificates,
  };
}

function listen(scope: Scope, { onChange, onPod }: TurnCachesDeps): void {
  const { servers, children, certificates } = scope;
  servers.mirror.store.subscribe(({ previous, current }) => {
    isKnown(scope);
    for (const { metadata } of [current ?? previous].filter((object) => object !== undefined))
      onChange(turnKey(metadata));
  });
  const stores = [...Object.values(children).map(({ mirror }) => mirror.store), certificates.store];
  for (const store of stores) store.subscribe((change) => turnLabelledKeys(change).forEach(onChange));
  children.pods.mirror.store.subscribe(onPod);
}

function mirrorsOf({ servers, children, certificates }: Scope): OptionalMirror[] {
  return [servers.mirror, ...Object.values(children).map(({ mirror }) => mirror), certificates];
}

function isOurs({ kind, metadata }: KubeObject): boolean {
  return kind === 'TurnServer' || metadata.labels?.[labels.turnServer] !== undefined;
}

/** Where an object of this kind is kept. */
function keptFor({ servers, children, certificates }: Scope, object: KubeObject): Kept | undefined {
  if (!isOurs(object)) return undefined;
  const byKind: Readonly<Record<string, Kept>> = {
    TurnServer: servers,
    Pod: children.pods,
    Service: children.services,
    ConfigMap: children.configMaps,
    Secret: children.secrets,
    PodDisruptionBudget: children.budgets,
    Certificate: { resource: resources.certificates, mirror: certificates, trim: trimMetadata },
  };
  return byKind[object.kind];
}
