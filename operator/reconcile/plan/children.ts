/** PURE: children that are to be, and those that are → actions. The same for both of our kinds. */
import type { DesiredObject } from '../../desired/object.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Action } from '../action.ts';
import { isControlledBy, isEqual, isLeftOf, owned, type Owner } from '../owned.ts';

/** What the actions depend on. */
export interface ChildrenInput {
  readonly owner: Owner;
  /** Created when missing, and never written again. */
  readonly createOnce: readonly DesiredObject[];
  /** Kept as they are here. */
  readonly kept: readonly DesiredObject[];
  /** All objects but pods that carry the owner's label. */
  readonly found: readonly KubeObject[];
}

/**
 * Credentials are created and never written again. Those of an owner of the same name that has just gone stay in use:
 * the garbage collector would take them later, from under pods that were made with them.
 */
export function credentialActions({ owner, createOnce, found }: ChildrenInput): Action[] {
  return createOnce.flatMap((object): Action[] => {
    const known = counterpart(found, object);
    if (known === undefined)
      return [{ type: 'create', object, reason: 'Missing', message: 'Credentials are created once' }];
    if (!isLeftOf(known, owner)) return [];
    const { ownerReferences } = object.metadata;
    const message = `The ${owner.kind} of this name that had these credentials is gone: they go on with this one`;
    return [{ type: 'patch', object: known, metadata: { ownerReferences }, reason: 'Leftover', message }];
  });
}

/** Of all that we keep, only these can be switched off; the rest goes with its owner. */
const optionalKinds = new Set(['PodDisruptionBudget', 'Certificate']);

/** Makes the others as they are to be, and takes away what was switched off. */
export function childActions({ owner, kept, found }: ChildrenInput): Action[] {
  const applied = kept.flatMap((object): Action[] => {
    const known = counterpart(found, object);
    if (known === undefined)
      return [{ type: 'apply', object, isNew: true, reason: 'Missing', message: 'It is not there' }];
    if (isEqual(owned(known), owned(object))) return [];
    return [{ type: 'apply', object, isNew: false, reason: 'Changed', message: 'It is not as wanted' }];
  });
  const surplus = found.filter(
    (object) =>
      optionalKinds.has(object.kind) &&
      isControlledBy(object, owner.metadata.uid) &&
      object.metadata.deletionTimestamp === undefined &&
      counterpart(kept, object) === undefined,
  );
  return [
    ...applied,
    ...surplus.map((object): Action => {
      return { type: 'delete', object, reason: 'Unwanted', message: 'Nothing asks for it any more' };
    }),
  ];
}

function counterpart<T extends KubeObject>(among: readonly T[], object: KubeObject): T | undefined {
  return among.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name);
}
