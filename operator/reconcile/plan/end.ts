/** PURE: the finalizer, and when one of our objects may go. The same for both of our kinds. */
import { finalizer } from '../../desired/names.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Action } from '../action.ts';

/** Adds our finalizer to those that are there, or takes it away. */
export function holdBack(object: KubeObject, finalizers: readonly string[], isWanted: boolean): Action[] {
  if (finalizers.includes(finalizer) === isWanted) return [];
  const others = finalizers.filter((name) => name !== finalizer);
  return [finalizerPatch(object, isWanted ? [...others, finalizer] : others)];
}

/** How long after its time a terminating pod may still be listed: then its node does not answer, and will not. */
const overdueMs = 60_000;

/** Whether every pod is gone, or past its time. */
export function areOver(pods: readonly KubeObject[], nowMs: number): boolean {
  return pods.every(({ metadata }) => Date.parse(metadata.deletionTimestamp ?? '') + overdueMs < nowMs);
}

/** Lets an object go that is being deleted. */
export function letGo(object: KubeObject, finalizers: readonly string[]): Action[] {
  return holdBack(object, finalizers, false);
}

function finalizerPatch(object: KubeObject, finalizers: readonly string[]): Action {
  const fields = object.kind === 'RTCCluster' ? 'deletionPolicy and binding.namespaces' : 'deletionPolicy';
  const message = `The finalizer follows ${fields}`;
  return { type: 'patch', object, metadata: { finalizers }, reason: 'DeletionPolicy', message };
}
