/** PURE: what is to be written of revisions: a new one, what became of one, and the end of old ones. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { annotations, labels } from '../desired/names.ts';
import { revisionOf, type RevisionInputs } from '../desired/revision.ts';
import {
  changedFields,
  historyLimit,
  markAnnotations,
  revisionObject,
  revisionRecord,
} from '../desired/revisionRecord.ts';
import type { RolloutDecision } from '../fleet/rollout/decide.ts';
import { lastProven } from '../fleet/rollout/records.ts';
import type { KubeObject } from '../kube/api.ts';
import type { Action } from './action.ts';
import type { Transition } from './events.ts';

/** What the actions depend on. */
export interface RevisionsInput {
  readonly cluster: RtcCluster;
  /** The ControllerRevisions of the cluster. */
  readonly revisions: readonly KubeObject[];
  /** Those of a cluster of the same name that is gone. */
  readonly leftovers: readonly KubeObject[];
  /** Of the revision that the spec asks for. */
  readonly inputs: RevisionInputs;
  readonly rollout: RolloutDecision;
  readonly pods: readonly KubeObject[];
  readonly nowMs: number;
}

/** See the file comment. */
export function revisionActions(input: RevisionsInput): Action[] {
  return [...clearing(input), ...creation(input), ...marking(input), ...pruning(input)];
}

const revisionIn = ({ metadata }: KubeObject): string => metadata.labels?.[labels.revision] ?? '';
const ordinalOf = (object: KubeObject): number => Number(object['revision'] ?? 0);

/** They have the names that ours are to have, and would be in the way until the garbage collector comes by. */
function clearing({ leftovers }: RevisionsInput): Action[] {
  return leftovers.map((object) => ({
    type: 'delete',
    object,
    reason: 'Leftover',
    message: 'It belongs to an RTCCluster of this name that is gone',
  }));
}

/** Before the first pod of it is made. */
function creation({ cluster, revisions: objects, inputs }: RevisionsInput): Action[] {
  const revision = revisionOf(inputs);
  if (objects.some((object) => revisionIn(object) === revision)) return [];
  const last = lastProven(objects.map(revisionRecord))?.revision;
  const before = objects.find((object) => revisionIn(object) === last);
  const ordinal = 1 + objects.reduce((highest, object) => Math.max(highest, ordinalOf(object)), 0);
  const why =
    before === undefined
      ? { reason: 'FirstRevision', message: `Pods are made of revision ${revision}` }
      : {
          reason: 'RolloutBegins',
          message: `Pods are to be of revision ${revision}, which differs from ${revisionIn(before)} in ${changedFields(before['data'] as RevisionInputs, inputs).join(', ')}`,
        };
  return [{ type: 'create', object: revisionObject(cluster, inputs, ordinal), ...why }];
}

function marking({ revisions, rollout: { mark }, nowMs }: RevisionsInput): Action[] {
  const object = revisions.find((one) => revisionIn(one) === mark?.revision);
  if (mark === undefined || object === undefined) return [];
  const { reason, message } = mark;
  return [
    { type: 'patch', object, metadata: { annotations: markAnnotations(mark, nowMs) }, reason, message },
  ];
}

function pruning({ revisions, inputs, rollout, pods }: RevisionsInput): Action[] {
  const needed = new Set([...pods.map(revisionIn), revisionOf(inputs), rollout.target, rollout.current]);
  const surplus = Math.max(0, revisions.length - historyLimit);
  return revisions
    .filter((object) => !needed.has(revisionIn(object)))
    .toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
    .slice(0, surplus)
    .map((object) => ({
      type: 'delete',
      object,
      reason: 'OldRevision',
      message: `${historyLimit} are kept`,
    }));
}

/** What people should hear of a rollout: each of its turns is a write, so that it is told once. */
export function revisionEvents(done: readonly Action[]): Transition[] {
  return done.flatMap((action): Transition[] => {
    const { object, type, reason, message } = action;
    if (object.kind !== 'ControllerRevision' || type === 'delete' || reason === 'FirstRevision') return [];
    const hasFailed = action.type === 'patch' && annotations.failed in (action.metadata.annotations ?? {});
    return [{ type: hasFailed ? 'Warning' : 'Normal', reason, message }];
  });
}
