/** Pod objects → what the fleet looks at. The one place that knows how the API spells it. */
import { annotations, labels } from '../desired/names.ts';
import { drainReasons } from '../api/spec/drain.ts';
import type { DrainMark, Facts, PodMarks, PodView } from '../fleet/pod.ts';
import type { NodeView } from '../fleet/nodes/node.ts';
import type { KubeObject } from '../kube/api.ts';
import { isTrue, nodeNameOf } from './nodeView.ts';
import { problemOf, type PodStatus } from './problem.ts';

/** What is known around a pod. */
export interface PodSurroundings {
  readonly node: NodeView | undefined;
  readonly facts: Facts | undefined;
  readonly nowMs: number;
}

/** A pod of ours with its node and its last facts. */
export function podView(pod: KubeObject, { node, facts, nowMs }: PodSurroundings): PodView {
  const { metadata } = pod;
  const status = (pod['status'] ?? {}) as PodStatus;
  const engine = engineOf(pod);
  const problem = problemOf(status, imageFields[engine]);
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    revision: metadata.labels?.[labels.revision] ?? '',
    createdMs: timeOf(metadata.creationTimestamp) ?? nowMs,
    isDead: ['Failed', 'Succeeded'].includes(status.phase ?? ''),
    isReady: isTrue(status.conditions, 'Ready'),
    ...cutOff(status),
    marks: marksOf(pod, nowMs),
    engine,
    ...endOf(pod),
    ...placeOf(pod, node),
    ...scheduledOf(status),
    ...(facts && { facts }),
    ...(problem && { problem }),
  };
}

/** A kubelet takes both conditions back together; the controller of nodes that it has lost sight of, the first alone. */
function cutOff({ conditions }: PodStatus): Pick<PodView, 'isCutOff'> {
  const isSo = !isTrue(conditions, 'Ready') && isTrue(conditions, 'ContainersReady');
  return isSo ? { isCutOff: true } : {};
}

/** `deletionTimestamp` is when its time is up, not when somebody asked for it. */
function endOf({ metadata }: KubeObject): Pick<PodView, 'isTerminating' | 'terminatesMs'> {
  const terminatesMs = timeOf(metadata.deletionTimestamp);
  return { isTerminating: metadata.deletionTimestamp !== undefined, ...(terminatesMs && { terminatesMs }) };
}

/** A pod that has a node may be older than that by the time it waited for one. */
function scheduledOf({ conditions }: PodStatus): Pick<PodView, 'scheduledMs'> {
  const scheduled = conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'True');
  const scheduledMs = timeOf(scheduled?.lastTransitionTime);
  return scheduledMs === undefined ? {} : { scheduledMs };
}

function placeOf(pod: KubeObject, node: NodeView | undefined): Pick<PodView, 'nodeName' | 'node'> {
  const nodeName = nodeNameOf(pod);
  return { ...(nodeName !== undefined && { nodeName }), ...(node && { node }) };
}

/** Where people name the image, and how it is pulled. */
const imageFields: Readonly<Record<PodView['engine'], string>> = {
  Mediasoup: 'engine.image, engine.imagePullSecrets',
  Rtcd: 'engine.image, engine.imagePullSecrets',
  Coturn: 'spec.image, spec.imagePullSecrets',
};

function engineOf({ metadata }: KubeObject): PodView['engine'] {
  if (metadata.labels?.[labels.role] === 'turn') return 'Coturn';
  return metadata.annotations?.[annotations.rtcdClients] === undefined ? 'Mediasoup' : 'Rtcd';
}

type PublishedTimes = Pick<PodMarks, 'publishedSinceMs' | 'firstPublishedMs'>;

function publishedTimes(found: Readonly<Record<string, string>>): PublishedTimes {
  const publishedSinceMs = timeOf(found[annotations.publishedSince]);
  const firstPublishedMs = timeOf(found[annotations.firstPublished]);
  return {
    ...(publishedSinceMs !== undefined && { publishedSinceMs }),
    ...(firstPublishedMs !== undefined && { firstPublishedMs }),
  };
}

/** The pod's own memory of us. */
function marksOf({ metadata }: KubeObject, nowMs: number): PodMarks {
  const drain = drainMark(metadata.annotations ?? {}, nowMs);
  return {
    isPublished: metadata.labels?.[labels.published] === 'true',
    isBusy: metadata.labels?.[labels.busy] === 'true',
    address: metadata.annotations?.[annotations.address] ?? '',
    ...publishedTimes(metadata.annotations ?? {}),
    ...(metadata.annotations?.[annotations.surge] === 'true' && { isSurge: true }),
    ...(drain !== undefined && { drain }),
    ...requestedIn(metadata),
  };
}

/** Of the managers that a trimmed pod still names, this annotation's is the only one. */
function requestedIn(metadata: KubeObject['metadata']): Pick<PodMarks, 'requested'> {
  const text = metadata.annotations?.[annotations.requestedState];
  if (text === undefined) return {};
  const by = metadata.managedFields?.[0]?.manager;
  return { requested: { text, ...(by !== undefined && { by }) } };
}

/**
 * A drain without a readable start began now, as far as anyone knows: the longest wait is the safe one.
 * A reason that we do not know was written by a newer operator or by hand: it is taken for one that can be undone.
 */
function drainMark(found: Readonly<Record<string, string>>, nowMs: number): DrainMark | undefined {
  const text = found[annotations.drain];
  if (text === undefined) return undefined;
  const reason = drainReasons.find((known) => known === text) ?? 'ScaleDown';
  const deadline = found[annotations.drainDeadline];
  return {
    reason,
    startedMs: timeOf(found[annotations.drainStarted]) ?? nowMs,
    ...(deadline !== undefined && { deadlineMs: Date.parse(deadline) }),
  };
}

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
