/**
 * What is remembered of each revision: one ControllerRevision, as of a StatefulSet, with what its pods are made from
 * and what became of it. Pods of an earlier revision can be made again after the spec has forgotten it.
 */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { RecordMark, RevisionRecord } from '../fleet/rollout/records.ts';
import type { Reason } from '../fleet/pod.ts';
import { annotations, labels, names } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';
import { clusterWith, revisionOf, type RevisionInputs } from './revision.ts';
import { podTemplate, type PodTemplate } from './sfuPod.ts';

/** Records beyond this many are deleted, the oldest first, but for those that pods are of. */
export const historyLimit = 10;

/** A ControllerRevision as the API server has it. */
export interface RevisionObject {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The record of a revision that is new; `ordinal` grows with each. */
export function revisionObject(cluster: RtcCluster, inputs: RevisionInputs, ordinal: number): DesiredObject {
  const revision = revisionOf(inputs);
  const meta = childMeta(cluster, names.revision(cluster, revision));
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { ...meta, labels: { ...meta.labels, [labels.revision]: revision } },
    revision: ordinal,
    data: inputs,
  };
}

/** The record as the fleet sees it. */
export function revisionRecord({ metadata }: RevisionObject): RevisionRecord {
  const found = metadata.annotations ?? {};
  const provenMs = Date.parse(found[annotations.proven] ?? '');
  const failure = failureIn(found[annotations.failed]);
  return {
    revision: metadata.labels?.[labels.revision] ?? '',
    isCanaryPassed: found[annotations.canaryPassed] !== undefined,
    ...(!Number.isNaN(provenMs) && { provenMs }),
    ...(failure && { failure }),
  };
}

/** `Reason: message`, as it is written below. */
function failureIn(text: string | undefined): Reason | undefined {
  if (text === undefined) return undefined;
  const [reason = '', ...rest] = text.split(': ');
  return { reason: /^[A-Z]\w*$/.test(reason) ? reason : 'Failed', message: rest.join(': ') || text };
}

/** The annotations that a mark is. */
export function markAnnotations(
  { kind, reason, message }: RecordMark,
  nowMs: number,
): Record<string, string> {
  const time = new Date(nowMs).toISOString();
  switch (kind) {
    case 'CanaryPassed':
      return { [annotations.canaryPassed]: time };
    case 'Proven':
      return { [annotations.proven]: time };
    case 'Failed':
      return { [annotations.failed]: `${reason}: ${message}` };
  }
}

/** What templates are made from. */
export interface TemplateContext {
  readonly cluster: RtcCluster;
  /** The image of clusters that have none. */
  readonly operatorsImage: string;
  /** The ControllerRevisions of the cluster. */
  readonly revisions: readonly RevisionObject[];
}

/** What pods of `revision` are made from: that of the spec, or one that is remembered. */
export function templateOf(
  revision: string,
  { cluster, operatorsImage, revisions }: TemplateContext,
): PodTemplate {
  const template = podTemplate(cluster, operatorsImage);
  const remembered = revisions.find(({ metadata }) => metadata.labels?.[labels.revision] === revision);
  if (revision === template.revision || remembered === undefined) return template;
  return podTemplate(clusterWith(cluster, remembered['data'] as RevisionInputs), operatorsImage);
}

/** The fields in which two revisions differ, for people. */
export function changedFields(before: RevisionInputs | undefined, after: RevisionInputs): string[] {
  const paths = new Set([...Object.keys(before?.fields ?? {}), ...Object.keys(after.fields)]);
  const isSame = (path: string): boolean =>
    JSON.stringify(before?.fields[path]) === JSON.stringify(after.fields[path]);
  const changed = [...paths].filter((path) => !isSame(path));
  return before?.image === after.image ? changed : [`image ${after.image}`, ...changed];
}
