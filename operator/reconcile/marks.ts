/** Member → the labels and annotations its pod is to carry, as the difference to those it has. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { annotations, labels } from '../desired/names.ts';
import { podTarget } from '../desired/outside.ts';
import type { Member } from '../fleet/members.ts';
import type { KubeObject } from '../kube/api.ts';
import type { MetadataPatch, Timed } from './action.ts';

type Marks = Readonly<Record<string, string | null>>;

/** What marks depend on beside the member. */
export interface MarkContext {
  readonly cluster: RtcCluster;
  /** DNS names that the certificate of the API may be for. */
  readonly apiNames: readonly string[];
  readonly nowMs: number;
  /** Other annotations that every pod is to carry. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Undefined when the pod carries them already. `nowMs` is written where something begins now. */
export function markPatch(pod: KubeObject, member: Member, context: MarkContext): MetadataPatch | undefined {
  const changedLabels = difference(pod.metadata.labels, wantedLabels(member));
  const wanted = {
    ...wantedAnnotations(member, context.nowMs),
    ...hints(member, context.cluster.spec.disruption.autoscalerHints),
    ...apiNamesOf(pod, context),
    ...targetOf(member, context),
    ...context.annotations,
  };
  const changedAnnotations = difference(pod.metadata.annotations, wanted);
  if (changedLabels === undefined && changedAnnotations === undefined) return undefined;
  return {
    ...(changedLabels && { labels: changedLabels }),
    ...(changedAnnotations && { annotations: changedAnnotations }),
  };
}

/** Which of the times in `markPatch` begin with it; undefined: none does. */
export function timedMarks({ pod, isPublished, drain }: Member, nowMs: number): Timed | undefined {
  const before = pod.marks.drain;
  const begun = [
    ...(isPublished && !pod.marks.isPublished
      ? [annotations.publishedSince, annotations.firstPublished]
      : []),
    ...(drain && before === undefined ? [annotations.drainStarted] : []),
    ...(drain && !Object.is(drain.deadlineMs, before?.deadlineMs) ? [annotations.drainDeadline] : []),
  ];
  return begun.length === 0 ? undefined : { decidedMs: nowMs, annotations: begun };
}

/** The patch as it is to be sent `nowMs`. What is late by less than a second stays as status tells it. */
export function timedPatch(patch: MetadataPatch, timed: Timed | undefined, nowMs: number): MetadataPatch {
  const lateMs = timed === undefined ? 0 : nowMs - timed.decidedMs;
  if (timed === undefined || lateMs < negligibleMs) return patch;
  const moved = Object.entries(patch.annotations ?? {}).flatMap(([key, value]) =>
    timed.annotations.includes(key) && value !== null ? [[key, time(Date.parse(value) + lateMs)]] : [],
  );
  return { ...patch, annotations: { ...patch.annotations, ...(Object.fromEntries(moved) as Marks) } };
}

const negligibleMs = 1_000;

function wantedLabels({ isPublished, isBusy }: Member): Marks {
  return { [labels.published]: isPublished ? 'true' : null, [labels.busy]: isBusy ? 'true' : null };
}

function wantedAnnotations({ pod, isPublished, isSurge, drain, address }: Member, nowMs: number): Marks {
  const isNew = isPublished && !pod.marks.isPublished;
  return {
    [annotations.address]: address,
    [annotations.surge]: isSurge ? 'true' : null,
    ...drainMarks(drain),
    ...(isNew && { [annotations.publishedSince]: time(nowMs) }),
    ...(isNew && pod.marks.publishedSinceMs === undefined && { [annotations.firstPublished]: time(nowMs) }),
  };
}

function drainMarks(drain: Member['drain']): Marks {
  return {
    [annotations.drain]: drain?.reason ?? null,
    [annotations.drainStarted]: drain === undefined ? null : time(drain.startedMs),
    [annotations.drainDeadline]: drain?.deadlineMs === undefined ? null : time(drain.deadlineMs),
  };
}

function hints({ isBusy }: Member, mode: 'Auto' | 'Off'): Marks {
  const isHinted = isBusy && mode === 'Auto';
  return {
    [annotations.safeToEvict]: isHinted ? 'false' : null,
    [annotations.doNotDisrupt]: isHinted ? 'true' : null,
  };
}

/** Only of pods that serve a certificate. */
function apiNamesOf(pod: KubeObject, { apiNames }: MarkContext): Marks {
  const hasTls = pod.metadata.annotations?.[annotations.apiTlsSecret] !== undefined;
  return hasTls ? { [annotations.apiNames]: apiNames.join(',') } : {};
}

function targetOf({ address }: Member, { cluster }: MarkContext): Marks {
  const target = podTarget(cluster, address);
  return target === undefined ? {} : { [annotations.externalDnsTarget]: target };
}

function difference(found: Readonly<Record<string, string>> | undefined, wanted: Marks): Marks | undefined {
  const changed = Object.entries(wanted).filter(([key, value]) => (found?.[key] ?? null) !== value);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
