/**
 * The seam to the API server that everything else is tested through. `client.ts`
 * implements it over a pooled dispatcher; tests put a counting proxy behind it.
 */

/** A Kubernetes object as plain data. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of metav1.ObjectMeta we use. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** The part of metav1.ManagedFieldsEntry we use: who set which fields last. */
export interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** metav1.OwnerReference. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** What addresses a kind on the wire. `core` kinds have an empty group. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Names one object. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** A page of a LIST. `continueToken` is empty on the last page. */
export interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken: string;
}

/**
 * One line of a WATCH. A BOOKMARK carries only `metadata.resourceVersion`. The
 * ERROR lines of the wire are thrown as the errors of `errors.ts`.
 */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

/** What a LIST or WATCH is limited to. */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What a delete means: always the uid, and the resourceVersion where the decision rested on it. */
export interface Meant {
  readonly uid: string;
  readonly resourceVersion?: string;
  /** Absent: what the object itself says. */
  readonly gracePeriodSeconds?: number;
}

/** The fields that a merge patch changes. */
export type Patch = Readonly<Record<string, unknown>>;

/** Everything we ever ask of an API server. Errors are those of `errors.ts`. Every call times out by itself. */
export interface KubeApi {
  get(resource: Resource, key: ObjectKey): Promise<KubeObject>;
  /** One page, read consistently (no resourceVersion is sent): what is missing in it does not exist. */
  list(
    resource: Resource,
    selection: Selection & { readonly limit: number; readonly continueToken?: string },
  ): Promise<ListPage>;
  /** Ends when the server closes the stream; throws on a broken one. */
  watch(
    resource: Resource,
    selection: Selection & { readonly resourceVersion: string; readonly timeoutSeconds: number },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent>;
  create(resource: Resource, object: KubeObject): Promise<KubeObject>;
  /** Server-side apply with our field manager, forced: for fields that we own. */
  apply(
    resource: Resource,
    object: KubeObject,
    options?: { readonly subresource?: 'status'; readonly fieldManager?: string },
  ): Promise<KubeObject>;
  /**
   * JSON merge patch (RFC 7386); `null` removes a field. A resourceVersion in the patch is a precondition.
   * A function is asked anew at every try, for what depends on when it is sent.
   */
  mergePatch(
    resource: Resource,
    target: ObjectKey & { readonly subresource?: 'status' },
    patch: Patch | (() => Patch),
  ): Promise<KubeObject>;
  /** PUT with the resourceVersion inside `object` as precondition: for leases. */
  replace(resource: Resource, object: KubeObject): Promise<KubeObject>;
  /** Deletes exactly what was meant, or rejects with ConflictError. */
  delete(resource: Resource, key: ObjectKey, meant: Meant): Promise<void>;
}
