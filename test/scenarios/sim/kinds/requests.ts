/** I13: what people ask of a pod is done. Pure; `docs/drains.md` is what they go by. */
import { annotations, labels } from '../../../../operator/desired/names.ts';
import type { KubeObject, Meant } from '../../../../operator/kube/api.ts';

import type { PodTruth, Scene } from '../scene.ts';
import type { Settled } from '../settled.ts';
import type { Invariant, Step } from '../step.ts';

/** Annotation that our people write beside a deadline, so that it can be told from one that the operator wrote. */
export const deadlineByPerson = 'played.example/deadline-by-person';
/** Its value when a pod is to wait for as long as it takes. */
export const forever = 'none';

/** The deadline that a person gave the drain on the pod, milliseconds since the epoch; undefined: nobody did. */
export function deadlineOfPerson(pod: KubeObject): number | undefined {
  const { [deadlineByPerson]: given, [annotations.drainDeadline]: written } = marksOf(pod);
  if (given === undefined) return undefined;
  if (given === forever) return written === undefined ? Number.POSITIVE_INFINITY : undefined;
  return given === written ? Date.parse(given) : undefined;
}

/** Out of DNS at a person's wish: it holds its node, and serves nobody new. */
export function isSetAside(pod: KubeObject): boolean {
  return isCordoned(pod) && pod.metadata.labels?.[labels.published] !== 'true';
}

/** Causes that take a pod away although it is to be kept: it is in somebody's way, or everything goes. */
const stronger = new Set(['NodeDrain', 'SpotInterruption', 'AddressChanged', 'Deletion']);

/** A delete holds for what was seen of the pod only, so whoever deletes it has seen the request. */
const cordonedIsKept: Invariant = ({ write: { verb, resource, key, body }, before }) => {
  if (verb !== 'delete' || resource.kind !== 'Pod') return undefined;
  const pod = podNamed(before, key);
  if (pod === undefined || (body as Partial<Meant>).uid !== pod.metadata.uid || isEnded(pod))
    return undefined;
  const reason = marksOf(pod)[annotations.drain] ?? 'none';
  if (!isCordoned(pod) || stronger.has(reason)) return undefined;
  return `${pod.metadata.name} was deleted although it is to be kept, with the drain reason ${reason}`;
};

const cordonedStaysOut: Invariant = (step) => {
  const { before, after } = podsOf(step);
  if (before === undefined || after === undefined || !isCordoned(before.object)) return undefined;
  const isNew = isPublished(after) && !isPublished(before);
  const isKnown = step.before.nowMs - (before.requestedSinceMs ?? Infinity) >= step.before.seenWithinMs;
  return isNew && isKnown ? `${after.object.metadata.name} was published although it is cordoned` : undefined;
};

const deadlineStays: Invariant = (step) => {
  const { before, after } = podsOf(step);
  if (before === undefined || after === undefined) return undefined;
  const given = deadlineOfPerson(before.object);
  const [had, has] = [before, after].map(({ object }) => marksOf(object)[annotations.drain]);
  if (given === undefined || had !== has || deadlineOfPerson(after.object) === given) return undefined;
  return `the deadline that a person gave ${after.object.metadata.name} was changed`;
};

/** All about one step. */
export const requestIsObeyed: Invariant = (step) =>
  cordonedIsKept(step) ?? cordonedStaysOut(step) ?? deadlineStays(step);

/** Whether every request has come to something once nothing happens any more, with no call left. */
export function requestsAreMet({ cluster, pods }: Settled, nowMs: number): string | undefined {
  if (cluster === undefined) return undefined;
  const { minPublished } = cluster.spec.discovery;
  const inDns = pods.filter((object) => object.metadata.labels?.[labels.published] === 'true');
  const wrong = pods.find((pod) => {
    const { [annotations.drain]: drain, [annotations.requestedState]: asked } = marksOf(pod);
    if (pod.metadata.deletionTimestamp !== undefined) return false;
    if (isCordoned(pod)) return inDns.includes(pod) && inDns.length > minPublished;
    return (drain === 'Requested' && asked !== 'Draining') || isOverdue(pod, nowMs);
  });
  return wrong === undefined
    ? undefined
    : `${wrong.metadata.name} is not what was asked for: ${JSON.stringify(marksOf(wrong))}`;
}

/** How long a deadline may have passed: the promise is 5 s, and a pod ends within 5 s more. */
const overdueMs = 60_000;

function isOverdue(pod: KubeObject, nowMs: number): boolean {
  return Date.parse(marksOf(pod)[annotations.drainDeadline] ?? '') + overdueMs < nowMs;
}

function isCordoned(pod: KubeObject): boolean {
  return marksOf(pod)[annotations.requestedState] === 'Cordoned';
}

function isPublished({ object }: PodTruth): boolean {
  return object.metadata.labels?.[labels.published] === 'true';
}

function isEnded(pod: KubeObject): boolean {
  const { phase = '' } = (pod['status'] ?? {}) as { readonly phase?: string };
  return ['Failed', 'Succeeded'].includes(phase);
}

function marksOf({ metadata }: KubeObject): Readonly<Record<string, string | undefined>> {
  return metadata.annotations ?? {};
}

/** The pod that a write is about, before and after. */
function podsOf({ write: { resource, key }, before, after }: Step): {
  readonly before: PodTruth | undefined;
  readonly after: PodTruth | undefined;
} {
  const uid = resource.kind === 'Pod' ? (podNamed(before, key)?.metadata.uid ?? '') : '';
  return { before: before.pods.get(uid), after: after.pods.get(uid) };
}

function podNamed({ pods }: Scene, key: string): KubeObject | undefined {
  const all = [...pods.values()].map(({ object }) => object);
  return all.find(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}` === key);
}
