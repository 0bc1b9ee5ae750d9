/** What must hold at every delete (I1, I7): no call ends by us, and a delete says which object it means. Pure. */
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeObject, Meant } from '../../../operator/kube/api.ts';
import type { Write } from './connection.ts';
import { deadlineOfPerson } from './kinds/requests.ts';
import type { PodTruth, Scene } from './scene.ts';
import { statedDeadlineMs } from './stated.ts';
import type { Invariant } from './step.ts';
import { isAlone, isJustBusy } from './surprise.ts';

/** How early a deadline may come true: the promise of the operator is ± 5 s. */
const deadlineSlackMs = 5_000;

/**
 * I1: no pod with calls, or of which nobody knows, is deleted before its deadline. Where nobody else can take new ones,
 * a call may begin while the delete is on its way: SIGTERM is a drain, and it goes on.
 */
export const noCallIsDeleted: Invariant = ({ write, before }) => {
  const pod = deletedPod(write, before);
  if (pod === undefined || isEnded(pod) || isForced(pod, before)) return undefined;
  const { name, annotations: marks } = pod.object.metadata;
  const { sessions } = pod;
  if (sessions === undefined)
    return marks?.[annotations.publishedSince] === undefined
      ? undefined
      : `${name} was deleted although nobody knows its sessions`;
  return sessions === 0 || isSurprised(pod, write, before)
    ? undefined
    : `${name} was deleted with ${sessions} sessions`;
};

/** I7: a delete says which object it means. */
export const deletesNameTheUid: Invariant = ({ write: { verb, key, resource, body } }) => {
  const { uid } = (body ?? {}) as Partial<Meant>;
  return verb === 'delete' && (uid ?? '') === ''
    ? `${resource.plural} ${key} was deleted by its name alone`
    : undefined;
};

function isSurprised(pod: PodTruth, { body }: Write, before: Scene): boolean {
  const isInOrder = (body as Partial<Meant>).gracePeriodSeconds === undefined;
  return isInOrder && isAlone(before) && isJustBusy(pod, before);
}

function deletedPod({ verb, resource, key, body }: Write, { pods }: Scene): PodTruth | undefined {
  if (verb !== 'delete' || resource.kind !== 'Pod') return undefined;
  const { uid } = body as Partial<Meant>;
  const named = [...pods.values()].find(
    ({ object: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}` === key,
  );
  // A precondition that does not hold deletes nothing; without one, whoever has the name.
  return uid === undefined || named?.object.metadata.uid === uid ? named : undefined;
}

function isEnded({ object }: PodTruth): boolean {
  return ['Failed', 'Succeeded'].includes(
    (object['status'] as { readonly phase?: string } | undefined)?.phase ?? '',
  );
}

/** Its drain has lasted as long as the spec lets one of this reason last, or as a person has said. */
function isForced({ object, drainedSinceMs }: PodTruth, scene: Scene): boolean {
  const { cluster, nowMs, slowestWriteMs } = scene;
  const givenMs = deadlineOfPerson(object);
  if (givenMs !== undefined) return nowMs >= givenMs - deadlineSlackMs;
  const reason = object.metadata.annotations?.[annotations.drain] ?? '';
  const sinceMs = drainedSinceMs.get(reason);
  if (cluster === undefined || sinceMs === undefined) return false;
  const afterMs = statedDeadlineMs(cluster, reason);
  return (
    afterMs !== undefined && nowMs >= beganMs(object, sinceMs, slowestWriteMs) + afterMs - deadlineSlackMs
  );
}

/** A drain counts from its decision, which is what people read on the pod; a slow API server writes it down later. */
function beganMs({ metadata }: KubeObject, writtenMs: number, slowestWriteMs: number): number {
  const statedMs = Date.parse(metadata.annotations?.[annotations.drainStarted] ?? '');
  return statedMs >= writtenMs - slowestWriteMs ? Math.min(statedMs, writtenMs) : writtenMs;
}
