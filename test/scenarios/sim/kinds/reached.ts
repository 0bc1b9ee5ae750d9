/** I16: only a pod in which two have heard each other is published, and who counts. Pure; `docs/probes.md` is what it goes by. */
import { labels } from '../../../../operator/desired/names.ts';
import type { PodTruth, ProbeTruth, Scene } from '../scene.ts';
import type { Invariant } from '../step.ts';

/** Longest time between an answer and the write that rests on the one before it. */
const underWayMs = 30_000;

/** Where calls are placed at all. */
export const onlyReachedArePublished: Invariant = ({ write: { resource, key }, before, after }) => {
  const pod = resource.kind === 'Pod' && before.placesProbes ? podNamed(after, key) : undefined;
  if (pod === undefined || !isNew(pod, before)) return undefined;
  const { name } = pod.object.metadata;
  if (pod.probe === undefined) return `${name} was published before its first call`;
  return isTrusted(pod.probe, before.nowMs)
    ? undefined
    : `${name} was published although its call had failed`;
};

/** Failures in a row that take a pod out of DNS. */
const failuresToLeave = 2;

/** Whether calls do not reach it: it is no capacity, and leaves DNS as soon as enough others are there. */
export function isUnreached({ probe, reach }: PodTruth, { cluster }: Scene): boolean {
  const asked = [probe, ...(cluster?.spec.network.address.verify === 'Gate' ? [reach] : [])];
  return asked.some((last) => (last?.failures ?? 0) >= failuresToLeave);
}

function isTrusted({ hasPassed, hasEverPassed, atMs }: ProbeTruth, nowMs: number): boolean {
  return hasPassed || (hasEverPassed && nowMs - atMs < underWayMs);
}

function isNew(pod: PodTruth, before: Scene): boolean {
  return isPublished(pod) && !isPublished(before.pods.get(pod.object.metadata.uid ?? ''));
}

function isPublished(pod: PodTruth | undefined): boolean {
  return pod?.object.metadata.labels?.[labels.published] === 'true';
}

function podNamed({ pods }: Scene, key: string): PodTruth | undefined {
  return [...pods.values()].find(
    ({ object: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}` === key,
  );
}
