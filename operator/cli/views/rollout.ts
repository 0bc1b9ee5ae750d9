/** PURE: an RTCCluster and its ControllerRevisions → where its rollout stands. */
import type { RtcClusterStatus } from '../../api/rtccluster.ts';
import { labels } from '../../desired/names.ts';
import { changedFields, revisionRecord } from '../../desired/revisionRecord.ts';
import type { RevisionInputs } from '../../desired/revision.ts';
import type { KubeObject } from '../../kube/api.ts';
import { parts, table } from '../text.ts';
import { clusterOf } from './edits.ts';

/** See the file comment. */
export interface RolloutView {
  readonly paused: boolean;
  /** The revision that the spec asks for, and the last that every pod was of. */
  readonly updateRevision?: string;
  readonly currentRevision?: string;
  readonly updatedPods: number;
  readonly pods: number;
  /** Condition Progressing. */
  readonly progress?: { readonly status: string; readonly reason: string; readonly message: string };
  /** The oldest first. */
  readonly revisions: readonly {
    readonly revision: string;
    readonly pods: number;
    /** Proven: every pod was of it. Failed: with the reason. New: neither. */
    readonly state: 'Proven' | 'Failed' | 'New';
    readonly failure?: string;
    /** In which it differs from the one before. */
    readonly changes: readonly string[];
  }[];
}

/** See the file comment. */
export function rolloutView(object: KubeObject, revisions: readonly KubeObject[]): RolloutView {
  const { spec, status } = clusterOf(object);
  const progress = status.conditions?.find(({ type }) => type === 'Progressing');
  const ordered = revisions.toSorted((a, b) => ordinal(a) - ordinal(b));
  return {
    paused: spec.update.paused,
    ...(status.updateRevision !== undefined && { updateRevision: status.updateRevision }),
    ...(status.currentRevision !== undefined && { currentRevision: status.currentRevision }),
    ...{ updatedPods: status.updatedPods ?? 0, pods: status.replicas ?? 0 },
    ...(progress && {
      progress: { status: progress.status, reason: progress.reason, message: progress.message },
    }),
    revisions: ordered.map((one, index) => revisionRow(one, ordered[index - 1], status)),
  };
}

const ordinal = (revision: KubeObject): number => Number(revision['revision'] ?? 0);

function revisionRow(
  object: KubeObject,
  before: KubeObject | undefined,
  { members = [] }: Partial<RtcClusterStatus>,
): RolloutView['revisions'][number] {
  const { provenMs, failure } = revisionRecord(object);
  const revision = object.metadata.labels?.[labels.revision] ?? '';
  return {
    revision,
    pods: members.filter((member) => member.revision === revision).length,
    state: failure !== undefined ? 'Failed' : provenMs !== undefined ? 'Proven' : 'New',
    ...(failure && { failure: `${failure.reason}: ${failure.message}` }),
    changes: changedFields(before?.['data'] as RevisionInputs | undefined, object['data'] as RevisionInputs),
  };
}

/** The same for people. */
export function rolloutText(view: RolloutView): string {
  const { progress, paused, pods, updatedPods, updateRevision, currentRevision } = view;
  const rows = view.revisions.map(({ revision, pods: of, state, failure, changes }) => [
    ...[revision, String(of), state, failure ?? changes.join(', ')],
  ]);
  return parts(
    [
      `Revision asked for: ${updateRevision ?? 'none yet'}; last that every pod was of: ${currentRevision ?? 'none yet'}`,
      `${updatedPods} of ${pods} pods are of it${paused ? '; the rollout is paused (kubectl rtc rollout resume)' : ''}`,
      progress && `Progressing is ${progress.status} (${progress.reason}): ${progress.message}`,
    ],
    rows.length === 0 ? [] : [table([['REVISION', 'PODS', 'STATE', 'CHANGES'], ...rows])],
  );
}
