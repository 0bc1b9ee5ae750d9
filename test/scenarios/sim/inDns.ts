/** What must hold whenever DNS changes (I2, I9): it never becomes empty, carries what is there, and leads to nobody unfit. Pure. */
import { gte } from 'semver';
import { annotations, labels } from '../../../operator/desired/names.ts';
import type { ObjectMeta } from '../../../operator/kube/api.ts';
import type { Write } from './connection.ts';
import { isUnreached } from './kinds/reached.ts';
import type { PodTruth, Scene } from './scene.ts';
import { wantedIn } from './spares.ts';
import type { Invariant } from './step.ts';
import { isAlone, isJustBusy } from './surprise.ts';

/** Share of a pod that is planned with. */
const usableShare = 0.8;

/** I2: the published set never becomes empty through us. */
export const dnsIsNeverEmpty: Invariant = ({ before, after, write }) => {
  if (before.cluster === undefined || before.cluster.metadata.deletionTimestamp !== undefined)
    return undefined;
  if (inDns(before) === 0 || inDns(after) > 0) return undefined;
  // A fleet with one node can be renewed in no other way than at a moment without calls.
  const isIdle = [...before.pods.values()].every(
    (pod) => !pod.isInDns || pod.sessions === 0 || isJustBusy(pod, before),
  );
  return isAlone(before) && isIdle
    ? undefined
    : `DNS became empty by ${write.verb} ${write.resource.plural} ${write.key}`;
};

/** I2: only pods that pass the gate are published. */
export const onlyGatedPodsArePublished: Invariant = ({ before, after, write }) => {
  const { cluster } = after;
  const pod = publishedPod(write, before, after);
  if (pod === undefined || cluster === undefined) return undefined;
  const { name, annotations: marks } = pod.object.metadata;
  if ((marks?.[annotations.address] ?? '') === '') return `${name} was published without an address`;
  if (pod.version !== undefined && !gte(pod.version, cluster.spec.engine.minimumVersion))
    return `${name} was published with version ${pod.version}`;
  return undefined;
};

const ownAccord = new Set(['ScaleDown', 'Rollout', 'AddressChanged']);

/**
 * I9: what is left in DNS after a drain of our own accord carries what is there. As many as are wanted are enough for
 * a pod that is replaced by another that was made for it, even where more would be needed: then that is what somebody, or `maxPods`, has said. Who
 * deletes a cluster wants none, whatever its pods had been drained for before. A pod that no call reaches carries none.
 */
export const capacityCoversDemand: Invariant = ({ write, before, after }) => {
  if (before.cluster?.metadata.deletionTimestamp !== undefined) return undefined;
  const left = leftDns(write, before, after);
  if (left === undefined || !ownAccord.has(drainOf(left)) || isUnreached(left, before)) return undefined;
  const [had, has] = [reached(before) * usableShare, reached(after) * usableShare];
  if (had < before.demand || has >= before.demand) return undefined;
  if (isReplaced(left, before) && inDns(after) >= wantedIn(before)) return undefined;
  const { name } = left.object.metadata;
  return `${inDns(after)} pods are left for a load of ${before.demand.toFixed(2)} after ${name} left`;
};

/** It comes back with its new address, or another was made in its place before. Other ones too many are no replacement. */
function isReplaced(left: PodTruth, { spares }: Scene): boolean {
  return drainOf(left) === 'AddressChanged' || (drainOf(left) === 'Rollout' && spares > 0);
}

function drainOf({ object }: PodTruth): string {
  return object.metadata.annotations?.[annotations.drain] ?? '';
}

function inDns({ pods }: Scene): number {
  return [...pods.values()].filter((pod) => pod.isInDns).length;
}

function reached(scene: Scene): number {
  return [...scene.pods.values()].filter((pod) => pod.isInDns && !isUnreached(pod, scene)).length;
}

function uidOf({ resource, key }: Write, { pods }: Scene): string | undefined {
  if (resource.kind !== 'Pod') return undefined;
  return [...pods.values()].find(
    ({ object: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}` === key,
  )?.object.metadata.uid;
}

/** The pod that left DNS by this write, as it is now. */
function leftDns(write: Write, before: Scene, after: Scene): PodTruth | undefined {
  const uid = uidOf(write, before) ?? '';
  const now = after.pods.get(uid);
  return before.pods.get(uid)?.isInDns === true && now?.isInDns === false ? now : undefined;
}

function publishedPod(write: Write, before: Scene, after: Scene): PodTruth | undefined {
  const isPublished = (pod: PodTruth | undefined): boolean => labelsOf(pod)[labels.published] === 'true';
  const uid = uidOf(write, after) ?? '';
  const pod = after.pods.get(uid);
  return isPublished(pod) && !isPublished(before.pods.get(uid)) ? pod : undefined;
}

function labelsOf(pod: PodTruth | undefined): NonNullable<ObjectMeta['labels']> {
  return pod?.object.metadata.labels ?? {};
}
