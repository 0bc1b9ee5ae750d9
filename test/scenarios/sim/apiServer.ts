/**
 * A simulated API server: objects with resourceVersions, preconditions, finalizers, grace periods, garbage collection
 * and a log of events to watch from. It answers at once; delays and faults are for whoever stands before it.
 */
import type { KubeObject, Meant, ObjectKey, ObjectMeta, Resource } from '../../../operator/kube/api.ts';
import { errorOf } from '../../../operator/kube/errors.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { keyText } from '../../../operator/kube/store.ts';
import { isEqual } from '../../../operator/reconcile/owned.ts';
import { applied, isSelected, mergePatched } from './objects.ts';

/** One change, as watches see it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly revision: number;
}

/** Which part of an object a write is for. */
export interface WriteOptions {
  readonly subresource?: 'status';
  readonly fieldManager?: string;
}

type Patch = Readonly<Record<string, unknown>>;

/** Changes that the server remembers at most: a watch from before has to list again. */
const keptChanges = 2_000;

/** See the file comment. All of it throws the errors of `kube/errors.ts`. */
export class SimApiServer {
  readonly #nowMs: () => number;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #applied = new Map<string, Patch>();
  readonly #listeners = new Set<(change: Change) => void>();
  #log: Change[] = [];
  #revision = 1;
  #uids = 0;
  #compactedRevision = 0;

  /** @param nowMs the server's wall clock, milliseconds since the epoch */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The server's wall clock, milliseconds since the epoch. */
  get nowMs(): number {
    return this.#nowMs();
  }

  /** Revision of the last change. */
  get revision(): number {
    return this.#revision;
  }

  get(resource: Resource, key: ObjectKey): KubeObject {
    const found = this.find(resource, key);
    if (found === undefined) throw failure(`get ${resource.plural} ${keyText(key)}`, 404, 'NotFound');
    return found;
  }

  find(resource: Resource, key: ObjectKey): KubeObject | undefined {
    return this.#kind(resource).get(keyText(key));
  }

  list(resource: Resource, labelSelector?: string): KubeObject[] {
    return [...this.#kind(resource).values()].filter((object) => isSelected(object, labelSelector));
  }

  /** Changes after `revision`; 410 when some of them are forgotten. */
  since(revision: number): readonly Change[] {
    if (revision < this.#compactedRevision) throw failure('watch', 410, 'Expired');
    return this.#log.filter((change) => change.revision > revision);
  }

  /** Forgets what was, so that watches from before have to list again. */
  compact(): void {
    this.#compactedRevision = this.#revision;
    this.#log = [];
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  create(resource: Resource, object: KubeObject): KubeObject {
    const key = keyText(object.metadata);
    if (this.#kind(resource).has(key))
      throw failure(`create ${resource.plural} ${key}`, 409, 'AlreadyExists');
    const metadata: ObjectMeta = {
      ...object.metadata,
      uid: object.metadata.uid ?? `uid-${++this.#uids}`,
      generation: 1,
      creationTimestamp: this.#time(),
    };
    return this.#put(resource, 'ADDED', { ...object, metadata });
  }

  apply(resource: Resource, object: KubeObject, options: WriteOptions = {}): KubeObject {
    const key = keyText(object.metadata);
    const found = this.find(resource, object.metadata);
    const manager = `${resource.plural} ${key} ${options.fieldManager ?? ''} ${options.subresource ?? ''}`;
    if (found === undefined) {
      if (options.subresource !== undefined || object.metadata.uid !== undefined)
        throw failure(`patch ${resource.plural} ${key}`, 404, 'NotFound');
      this.#applied.set(manager, object);
      return this.create(resource, object);
    }
    // As a real one: to /status of a custom resource it takes an apply whatever uid that names.
    const uid = found.metadata.uid ?? '';
    const meant = options.subresource === 'status' ? { ...object.metadata, uid } : object.metadata;
    mustMatch(found, meant, `patch ${resource.plural} ${key}`);
    const before = this.#applied.get(manager) ?? {};
    this.#applied.set(manager, object);
    const next = applied(found, withoutIdentity(before), withoutIdentity(object));
    return this.#change(resource, found, partOf(found, next as KubeObject, options));
  }

  mergePatch(resource: Resource, target: ObjectKey & WriteOptions, patch: Patch): KubeObject {
    const found = this.get(resource, target);
    const meant = (patch['metadata'] ?? {}) as Partial<ObjectMeta>;
    mustMatch(found, meant, `patch ${resource.plural} ${keyText(target)}`);
    const next = mergePatched(found, patch) as KubeObject;
    return this.#change(resource, found, partOf(found, next, target));
  }

  replace(resource: Resource, object: KubeObject): KubeObject {
    const found = this.get(resource, object.metadata);
    mustMatch(found, object.metadata, `update ${resource.plural} ${keyText(object.metadata)}`);
    return this.#change(resource, found, object);
  }

  /** The scheduler's word on where a pod runs. */
  bind(pod: ObjectKey, nodeName: string): void {
    this.mergePatch(resources.pods, pod, { spec: { nodeName } });
  }

  /** A pod that has a node keeps its grace period, as long as the shortest that was ever asked for. */
  delete(resource: Resource, key: ObjectKey, meant: Partial<Meant> = {}): void {
    const found = this.get(resource, key);
    mustMatch(found, meant, `delete ${resource.plural} ${keyText(key)}`);
    const graceSeconds = graceOf(found, meant.gracePeriodSeconds);
    const { finalizers = [], deletionTimestamp } = found.metadata;
    if (graceSeconds === 0 && finalizers.length === 0) {
      this.#remove(resource, found);
      return;
    }
    const endMs = this.#nowMs() + graceSeconds * 1000;
    if (deletionTimestamp !== undefined && Date.parse(deletionTimestamp) <= endMs) return;
    const generation = (found.metadata.generation ?? 0) + 1;
    const metadata = { ...found.metadata, generation, deletionTimestamp: new Date(endMs).toISOString() };
    this.#put(resource, 'MODIFIED', { ...found, metadata });
  }

  #change(resource: Resource, found: KubeObject, next: KubeObject): KubeObject {
    const generation = (found.metadata.generation ?? 1) + Number(!isEqual(found['spec'], next['spec']));
    const { resourceVersion, uid } = found.metadata;
    const changed = {
      ...next,
      metadata: { ...next.metadata, resourceVersion, uid, generation },
    } as KubeObject;
    if (isEqual(found, changed)) return found;
    const { deletionTimestamp, finalizers = [] } = changed.metadata;
    if (deletionTimestamp === undefined || finalizers.length > 0 || resource.kind === 'Pod')
      return this.#put(resource, 'MODIFIED', changed);
    this.#remove(resource, changed);
    return changed;
  }

  #put(resource: Resource, type: 'ADDED' | 'MODIFIED', object: KubeObject): KubeObject {
    const revision = ++this.#revision;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    this.#kind(resource).set(keyText(stored.metadata), stored);
    this.#tell({ type, resource, object: stored, revision });
    return stored;
  }

  #remove(resource: Resource, object: KubeObject): void {
    const revision = ++this.#revision;
    this.#kind(resource).delete(keyText(object.metadata));
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    this.#tell({ type: 'DELETED', resource, object: { ...object, metadata }, revision });
    this.#collect(object.metadata.uid ?? '');
  }

  /** Garbage collection in the background: what the object owned goes with it. */
  #collect(owner: string): void {
    for (const kind of Object.values(resources).filter(isResource))
      for (const object of this.list(kind))
        if (object.metadata.ownerReferences?.some(({ uid }) => uid === owner) === true)
          this.delete(kind, object.metadata);
  }

  #tell(change: Change): void {
    this.#log.push(change);
    if (this.#log.length > keptChanges) {
      this.#compactedRevision = this.#log[keptChanges / 2 - 1]?.revision ?? this.#compactedRevision;
      this.#log = this.#log.slice(keptChanges / 2);
    }
    for (const listener of this.#listeners) listener(change);
  }

  #kind({ plural }: Resource): Map<string, KubeObject> {
    const known = this.#objects.get(plural) ?? new Map<string, KubeObject>();
    this.#objects.set(plural, known);
    return known;
  }

  #time(): string {
    return `${new Date(this.#nowMs()).toISOString().slice(0, 19)}Z`;
  }
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && 'plural' in value;
}

function failure(call: string, status: number, reason: string): Error {
  return errorOf({ call, status, reason, message: reason });
}

function mustMatch({ metadata }: KubeObject, meant: Partial<ObjectMeta>, call: string): void {
  if (meant.uid !== undefined && meant.uid !== metadata.uid) throw failure(call, 409, 'Conflict');
  if (meant.resourceVersion !== undefined && meant.resourceVersion !== metadata.resourceVersion)
    throw failure(call, 409, 'Conflict');
}

const identity = new Set(['name', 'namespace', 'uid', 'resourceVersion']);

/** What an apply says of fields: not which object it is for. */
function withoutIdentity(object: Patch): Patch {
  const metadata = Object.entries((object['metadata'] ?? {}) as Patch).filter(
    ([name]) => !identity.has(name),
  );
  return { ...object, metadata: Object.fromEntries(metadata) };
}

/** A write to `status` changes only that, any other write everything but that. */
function partOf(found: KubeObject, next: KubeObject, { subresource }: WriteOptions): KubeObject {
  if (subresource === 'status') return { ...found, status: next['status'] };
  return found['status'] === undefined ? next : { ...next, status: found['status'] };
}

function graceOf({ kind, ...fields }: KubeObject, asked: number | undefined): number {
  if (kind !== 'Pod') return 0;
  const spec = (fields['spec'] ?? {}) as { nodeName?: string; terminationGracePeriodSeconds?: number };
  if (spec.nodeName === undefined) return 0;
  return asked ?? spec.terminationGracePeriodSeconds ?? 30;
}
