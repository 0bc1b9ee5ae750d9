/** What people do to single pods, as plain data. */

/** What a person does to the pod on a node. Nodes are numbered from 1. */
export type PersonDeed =
  /** Annotation `requested-state`; absent: it is removed. */
  | { readonly kind: 'request'; readonly node: number; readonly state?: 'Cordoned' | 'Draining' | 'Sleeping' }
  /** The deadline of a drain that is under way; absent: it is to wait for as long as it takes. */
  | { readonly kind: 'moveDeadline'; readonly node: number; readonly inMs?: number }
  /** What is written of a drain is removed by hand. */
  | { readonly kind: 'endDrain'; readonly node: number };
