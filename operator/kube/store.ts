/**
 * The last known state of one kind, by key, by owner and by label: what observe
 * reads. Fed by a reflector; our own writes may be noted ahead of their events.
 */
import type { KubeObject, ObjectKey } from './api.ts';
import { createIndex, type Index } from './storeIndex.ts';
import { type Log, silentLog } from '../ops/logger.ts';

/** An object before and after; one of them is absent when it came or went. */
export interface StoreChange {
  readonly previous?: KubeObject;
  readonly current?: KubeObject;
}

/** What observe may ask. All answers come from memory. */
export interface StoreReader {
  get(key: ObjectKey): KubeObject | undefined;
  all(): readonly KubeObject[];
  /** Objects with an ownerReference to this uid. */
  ownedBy(uid: string): readonly KubeObject[];
  /** Objects whose label has this value; the label must be one of `indexLabels`. */
  labelled(label: string, value: string): readonly KubeObject[];
  size(): number;
}

/** A store with its writing side. */
export interface Store extends StoreReader {
  /** An ADDED or MODIFIED event. */
  upsert(object: KubeObject): void;
  /** A DELETED event. */
  remove(object: KubeObject): void;
  /** A complete list: what is not in it is gone. */
  replaceAll(objects: readonly KubeObject[]): void;
  /**
   * The answer to a write of ours, ahead of its event, so that the next reconcile
   * sees it. Ignored when an event was faster. Subscribers are not called.
   */
  noteWrite(object: KubeObject): void;
  /** Called after each change; one that throws is logged and disturbs no other. Returns how to stop. */
  subscribe(listener: (change: StoreChange) => void): () => void;
}

/** Deleted uids that are remembered, so that a late `noteWrite` does not bring an object back. */
const rememberedDeletions = 1000;

/** `namespace/name`, or `name` outside namespaces: the key of stores and queues. */
export function keyText(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

/** Options of `createStore`. */
export interface StoreOptions {
  /** Labels that `labelled` may be asked for. */
  readonly indexLabels?: readonly string[];
  /** Hears of listeners that throw. Default: nobody. */
  readonly log?: Log;
}

/** An empty store. */
export function createStore(options: StoreOptions = {}): Store {
  const objects = new Map<string, KubeObject>();
  const deleted = new Set<string>();
  const index = createIndex(options.indexLabels ?? []);
  const { listeners, tell } = createListeners(options.log ?? silentLog);
  const put = (object: KubeObject): KubeObject | undefined => exchange(objects, index, object);
  const drop = (object: KubeObject): void => {
    const previous = objects.get(keyText(object.metadata));
    rememberDeletion(deleted, object);
    // Names are used again: the successor may be noted before we hear of this end.
    if (previous === undefined || previous.metadata.uid !== object.metadata.uid) return;
    objects.delete(keyText(object.metadata));
    index.remove(keyText(object.metadata), previous);
    tell({ previous });
  };
  const upsert = (object: KubeObject): void => {
    if (isStale(objects.get(keyText(object.metadata)), object)) return;
    tell(changeOf(put(object), object));
  };
  return {
    ...reader(objects, index),
    upsert,
    remove: drop,
    replaceAll(next) {
      const keys = new Set(next.map((object) => keyText(object.metadata)));
      for (const [key, object] of [...objects]) if (!keys.has(key)) drop(object);
      for (const object of next) {
        const known = objects.get(keyText(object.metadata))?.metadata.resourceVersion;
        if (known === undefined || known !== object.metadata.resourceVersion) upsert(object);
      }
    },
    noteWrite(object) {
      const isDeleted = deleted.has(object.metadata.uid ?? '');
      if (!isDeleted && !isStale(objects.get(keyText(object.metadata)), object)) put(object);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Listener = (change: StoreChange) => void;

function createListeners(log: Log): { listeners: Set<Listener>; tell: Listener } {
  const listeners = new Set<Listener>();
  const tell: Listener = (change) =>
    listeners.forEach((listener) => {
      try {
        listener(change);
      } catch (error) {
        log.error({ err: error }, 'A listener of a store failed');
      }
    });
  return { listeners, tell };
}

function reader(objects: ReadonlyMap<string, KubeObject>, index: Index): StoreReader {
  const resolve = (keys: Iterable<string>): KubeObject[] =>
    [...keys].map((key) => objects.get(key)).filter((object) => object !== undefined);
  return {
    get: (key) => objects.get(keyText(key)),
    all: () => [...objects.values()],
    ownedBy: (uid) => resolve(index.ownedBy(uid)),
    labelled: (label, value) => resolve(index.labelled(label, value)),
    size: () => objects.size,
  };
}

function exchange(
  objects: Map<string, KubeObject>,
  index: Index,
  object: KubeObject,
): KubeObject | undefined {
  const key = keyText(object.metadata);
  const previous = objects.get(key);
  if (previous !== undefined) index.remove(key, previous);
  objects.set(key, object);
  index.add(key, object);
  return previous;
}

function changeOf(previous: KubeObject | undefined, current: KubeObject): StoreChange {
  return previous === undefined ? { current } : { previous, current };
}

/**
 * Whether `next` is older than what we have of the same uid. resourceVersions
 * compare as numbers of any length (KEP-5504, and etcd revisions before it);
 * where they are not, nothing is called stale.
 */
function isStale(known: KubeObject | undefined, next: KubeObject): boolean {
  if (known === undefined || known.metadata.uid !== next.metadata.uid) return false;
  const [before, after] = [known.metadata.resourceVersion ?? '', next.metadata.resourceVersion ?? ''];
  if (!/^\d+$/.test(before) || !/^\d+$/.test(after)) return false;
  return after.length === before.length ? after < before : after.length < before.length;
}

function rememberDeletion(deleted: Set<string>, object: KubeObject): void {
  if (object.metadata.uid === undefined) return;
  deleted.add(object.metadata.uid);
  const [oldest] = deleted;
  if (deleted.size > rememberedDeletions && oldest !== undefined) deleted.delete(oldest);
}
