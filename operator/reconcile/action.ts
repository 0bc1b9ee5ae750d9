/** What a plan consists of. An empty plan sends no request at all. */
import type { Reason } from '../fleet/pod.ts';
import type { OwnerReference } from '../desired/object.ts';
import type { KubeObject } from '../kube/api.ts';

/** One write, and why. */
export type Action = Reason &
  (
    | {
        /** Refused by the API server when something of that name exists: for pods and credentials. */
        readonly type: 'create';
        readonly object: KubeObject;
      }
    | {
        /** Server-side apply of the fields we own. */
        readonly type: 'apply';
        readonly object: KubeObject;
        /** We know of no such object; one that is there all the same belongs to somebody else. */
        readonly isNew: boolean;
      }
    | {
        /** Merge patch of metadata, and of a Secret's data; `object` is what it was decided on. */
        readonly type: 'patch';
        readonly object: KubeObject;
        readonly metadata: MetadataPatch;
        /** Base64 by key; null removes one. Holds only for the very state that it was decided on; never logged. */
        readonly data?: Readonly<Record<string, string | null>>;
        readonly timed?: Timed;
      }
    | {
        readonly type: 'delete';
        readonly object: KubeObject;
        /** What it has to end in order; absent: what the object itself says. */
        readonly gracePeriodSeconds?: number;
      }
  );

/** What of a patch counts from the moment it is written. A write that comes late must not cut a deadline short. */
export interface Timed {
  /** From which the patch counts, milliseconds since the epoch: when it was decided. */
  readonly decidedMs: number;
  /** Annotations that are times. */
  readonly annotations: readonly string[];
}

/** Only what changes; null removes an entry. */
export interface MetadataPatch {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  /** The whole list, as `finalizers` are. */
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}
