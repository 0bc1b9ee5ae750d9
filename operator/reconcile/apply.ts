/** Runs a plan. The only file that writes to the API server; what it wrote is noted, so that nobody decides on an older view. */
import { admissionReason } from '../desired/admission.ts';
import { labels } from '../desired/names.ts';
import type { KubeApi, KubeObject, ObjectKey, ObjectMeta, Resource } from '../kube/api.ts';
import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
} from '../kube/errors.ts';
import * as resources from '../kube/resources.ts';
import type { Log } from '../ops/logger.ts';
import type { Reason } from '../fleet/pod.ts';
import type { Action } from './action.ts';
import { timedPatch } from './marks.ts';
import { mustWait, type Outcome } from './outcome.ts';
import { isEqual } from './owned.ts';
import { stepsOf } from './steps.ts';

/** What applying needs. */
export interface ApplyDeps {
  readonly kube: KubeApi;
  readonly log: Log;
  /** Told of every object that a write gave back. */
  readonly onWritten: (object: KubeObject) => void;
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
}

const byKind: Readonly<Record<string, Resource>> = Object.fromEntries(
  [
    resources.rtcclusters,
    resources.turnservers,
    resources.pods,
    resources.services,
    resources.configMaps,
    resources.secrets,
    resources.podDisruptionBudgets,
    resources.controllerRevisions,
    resources.certificates,
  ].map((resource) => [resource.kind, resource]),
);

/** Step by step. Rejects where another attempt may help; a refusal must be ended by somebody else, and only what rests on it waits. */
export async function applyAll(actions: readonly Action[], deps: ApplyDeps): Promise<Outcome> {
  const done: Action[] = [];
  const refused = new Map<Action, Reason>();
  for (const step of stepsOf(actions)) {
    const ready = step.filter((action) => !mustWait(action, [...refused.keys()]));
    for (const [action, refusal] of await attemptAll(ready, deps)) {
      if (refusal === undefined) done.push(action);
      else refused.set(action, refusal);
    }
  }
  const [refusal] = refused.values();
  return { done, kept: keptBy(refused), ...(refusal && { refusal }) };
}

/** Side by side. Rejects, as the first in order that did, when nothing of it is under way any more: the next attempt must not overtake it. */
async function attemptAll(
  actions: readonly Action[],
  deps: ApplyDeps,
): Promise<readonly (readonly [Action, Reason | undefined])[]> {
  const attempts = actions.map(async (action) => [action, await attempt(action, deps)] as const);
  const ended = await Promise.allSettled(attempts);
  return ended.map((end) => {
    if (end.status === 'rejected') throw end.reason as Error;
    return end.value;
  });
}

function keptBy(refused: ReadonlyMap<Action, Reason>): Outcome['kept'] {
  const deletes = [...refused].filter(([{ type, object }]) => type === 'delete' && object.kind === 'Pod');
  return new Map(deletes.map(([{ object }, why]) => [object.metadata.uid ?? '', why]));
}

async function attempt(action: Action, deps: ApplyDeps): Promise<Reason | undefined> {
  const { kind, metadata } = action.object;
  const fields = { kind, name: metadata.name, namespace: metadata.namespace };
  try {
    await run(action, deps);
  } catch (error) {
    const refusal = refusalOf(error, action);
    if (refusal === undefined) throw error;
    deps.log.warn({ ...fields, ...refusal }, 'Was refused');
    return refusal;
  }
  const changes = action.type === 'patch' ? { changes: action.metadata } : {};
  const { reason, message } = action;
  deps.log.info({ ...fields, ...changes, reason, message }, past[action.type]);
  return undefined;
}

const past = { create: 'Created', apply: 'Applied', patch: 'Patched', delete: 'Deleted' } as const;

/**
 * Writes the status as a whole, with the fields we own, unless `object` has it. `latest` is what our own writes left of
 * the object; nothing is written when another one has its name. An API server takes an apply to /status of a custom
 * resource whatever uid it names: the resourceVersion keeps what was said of a deleted object off the next of its name.
 * Whatever else changed it meanwhile leads to another reconcile, with a status of its own.
 */
export async function applyStatus(
  { object, latest }: { readonly object: KubeObject; readonly latest: KubeObject | undefined },
  status: object,
  { kube, log, onWritten }: ApplyDeps,
): Promise<void> {
  if (latest === undefined || latest.metadata.uid !== object.metadata.uid) return;
  if (isEqual(object['status'], status)) return;
  const { apiVersion, kind, metadata } = latest;
  const body = { apiVersion, kind, metadata: identityOf(metadata), status };
  try {
    onWritten(await kube.apply(resourceOf(kind), body, { subresource: 'status' }));
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    log.debug({ kind, name: metadata.name, err: error }, 'The status is of an older view');
  }
}

function identityOf({ name, namespace, uid, resourceVersion }: ObjectMeta): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

function resourceOf(kind: string): Resource {
  const resource = byKind[kind];
  if (resource === undefined) throw new TypeError(`there is no resource for kind ${kind}`);
  return resource;
}

async function run(action: Action, { kube, onWritten, wallMs }: ApplyDeps): Promise<void> {
  const { object } = action;
  const resource = resourceOf(object.kind);
  switch (action.type) {
    case 'create':
      onWritten(await kube.create(resource, object));
      return;
    case 'apply':
      if (action.isNew) await mustBeFree(kube, resource, keyOf(object));
      onWritten(await kube.apply(resource, object));
      return;
    case 'patch':
      onWritten(
        await kube.mergePatch(resource, keyOf(object), () => ({
          metadata: precise(action, wallMs()),
          ...(action.data && { data: action.data }),
        })),
      );
      return;
    case 'delete':
      await remove(kube, resource, action);
  }
}

/** The uid makes it this very object; where a list or data is replaced, the resourceVersion makes it this very state. */
function precise(action: Action & { type: 'patch' }, nowMs: number): Record<string, unknown> {
  const { uid, resourceVersion } = action.object.metadata;
  const metadata = timedPatch(action.metadata, action.timed, nowMs);
  const isWhole = (metadata.finalizers ?? metadata.ownerReferences ?? action.data) !== undefined;
  return { ...metadata, uid, ...(isWhole && { resourceVersion }) };
}

/** A delete rests on what was seen, so it holds only for that. Gone is as good as deleted. */
async function remove(kube: KubeApi, resource: Resource, action: Action & { type: 'delete' }): Promise<void> {
  const { object, gracePeriodSeconds } = action;
  const { uid = '', resourceVersion } = object.metadata;
  try {
    await kube.delete(resource, keyOf(object), {
      uid,
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** An apply would take over an object of somebody else that happens to have the name. */
async function mustBeFree(kube: KubeApi, resource: Resource, key: ObjectKey): Promise<void> {
  try {
    await kube.get(resource, key);
  } catch (error) {
    if (error instanceof NotFoundError) return;
    throw error;
  }
  const call = `apply ${resource.plural} ${key.namespace ?? ''}/${key.name}`;
  throw new AlreadyExistsError({
    call,
    status: 409,
    reason: 'AlreadyExists',
    message: 'belongs to somebody else',
  });
}

function refusalOf(error: unknown, action: Action): Reason | undefined {
  const { object, type } = action;
  const what = `${object.kind} ${object.metadata.name}`;
  const known = copyRefusal(error, action) ?? podRefusal(error, object);
  if (known !== undefined) return known;
  if (error instanceof AlreadyExistsError && object.kind !== 'Pod')
    return {
      reason: 'NameTaken',
      message: `${what} exists and is not ours: delete it, give it the label ${labelOf(object)}, or choose another name in the spec`,
    };
  if (!(error instanceof InvalidError || error instanceof ForbiddenError)) return undefined;
  return {
    reason: error.reason === '' ? 'Refused' : error.reason,
    message: `Cannot ${type} ${what}: ${error.message}`,
  };
}

/** What makes a child ours. */
function labelOf({ metadata }: KubeObject): string {
  return metadata.labels?.[labels.turnServer] === undefined ? labels.cluster : labels.turnServer;
}

function podRefusal(error: unknown, { kind, metadata }: KubeObject): Reason | undefined {
  if (kind !== 'Pod' || !(error instanceof ForbiddenError)) return undefined;
  return admissionReason(error.message, metadata.namespace ?? '');
}

/** What stands against a copy of the binding in another namespace. */
function copyRefusal(error: unknown, { type, object: { metadata } }: Action): Reason | undefined {
  if (metadata.labels?.[labels.bindingCluster] === undefined) return undefined;
  const { namespace = '', name } = metadata;
  if (error instanceof AlreadyExistsError)
    return {
      reason: 'NameTaken',
      message: `Secret ${name} exists in namespace ${namespace} and is not ours: delete it there, or choose another binding.secretName`,
    };
  if (error instanceof ForbiddenError && type === 'delete')
    return {
      reason: 'BindingLeft',
      message: `Secret ${name} in namespace ${namespace} holds the binding, is to go, and the operator may not remove it (${error.message}): give it the right back (bindingNamespaces of its chart), or run kubectl delete secret -n ${namespace} ${name}`,
    };
  if (!(error instanceof NotFoundError)) return undefined;
  return {
    reason: 'NamespaceMissing',
    message: `There is no namespace ${namespace}: create it, or take it out of binding.namespaces`,
  };
}

function keyOf({ metadata }: KubeObject): ObjectKey {
  const { name, namespace } = metadata;
  return namespace === undefined ? { name } : { name, namespace };
}
