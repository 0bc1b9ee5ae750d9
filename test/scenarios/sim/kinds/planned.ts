/** I19: a dry run changes nothing. I20: nothing is scaled down while a schedule forbids it. Pure; `docs/autoscaling.md` is what they go by. */
import { annotations } from '../../../../operator/desired/names.ts';
import { boundsOf } from '../bounds.ts';
import type { PodTruth, Scene } from '../scene.ts';
import type { Invariant, Step } from '../step.ts';

/** Only `minPods` and `maxPods` still count: who sets them wants them. */
export const dryRunChangesNothing: Invariant = (step) => {
  const { cluster } = step.before;
  if (cluster === undefined || !cluster.spec.scaling.dryRun || isDeleted(step.before)) return undefined;
  const { from, to } = numbersOf(step);
  if (from !== undefined && to !== undefined && to !== clamped(from, step.before))
    return `desiredPods became ${to} from ${from} in a dry run`;
  const left = surplusDrained(step);
  return left === undefined ? undefined : `${left} is drained for the number of pods in a dry run`;
};

/** But for what `maxPods` says. */
export const inhibitedIsKept: Invariant = (step) => {
  const { from, to } = numbersOf(step);
  if (!step.before.inhibits || from === undefined || to === undefined || isDeleted(step.before))
    return undefined;
  return to >= Math.min(from, clamped(from, step.before))
    ? undefined
    : `desiredPods became ${to} from ${from} although a schedule lets nothing be scaled down`;
};

function isDeleted({ cluster }: Scene): boolean {
  return cluster?.metadata.deletionTimestamp !== undefined;
}

/** As a status told them and tells them now. Bounds that nobody has looked at yet are no matter of either. */
function numbersOf({ write, before, after }: Step): { readonly from?: number; readonly to?: number } {
  const { resource, subresource } = write;
  if (resource.kind !== 'RTCCluster' || subresource !== 'status') return {};
  const [from, to] = [before, after].map(({ cluster }) => cluster?.status.desiredPods);
  const { observedGeneration } = after.cluster?.status ?? {};
  const isCurrent = observedGeneration === after.cluster?.metadata.generation;
  return isCurrent && from !== undefined && to !== undefined ? { from, to } : {};
}

function clamped(pods: number, { cluster }: Scene): number {
  if (cluster === undefined) return pods;
  const { min, max } = boundsOf(cluster);
  return Math.max(min, Math.min(max, pods));
}

/** The pod that leaves DNS because there are too many, although no more serve than are wanted. */
function surplusDrained({ write, before, after }: Step): string | undefined {
  if (write.resource.kind !== 'Pod') return undefined;
  const serving = [...before.pods.values()].filter(({ isInDns }) => isInDns);
  const wanted = clamped(before.cluster?.status.desiredPods ?? 0, before);
  if (serving.length > wanted) return undefined;
  const left = serving.map(({ object }) => after.pods.get(object.metadata.uid ?? '')).find(isSurplus);
  return left?.object.metadata.name;
}

function isSurplus(pod: PodTruth | undefined): boolean {
  return pod?.isInDns === false && pod.object.metadata.annotations?.[annotations.drain] === 'ScaleDown';
}
