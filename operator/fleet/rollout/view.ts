/** What a rollout is decided from, and what is known of it at this moment. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Departures } from '../departures.ts';
import type { NodeSupply } from '../nodes/eligible.ts';
import type { PodView, Reason } from '../pod.ts';
import type { GateDecision } from '../publish.ts';
import { crewOf, type Crew } from './crew.ts';
import { failureOf, type FailureDecision } from './failure.ts';
import { lastProven, recordOf, type RecordMark, type RevisionRecord } from './records.ts';
import { roomOf, type Room } from './room.ts';

/** See the file comment. */
export interface RolloutInput {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
  /** Why else pods leave. */
  readonly departures: Departures;
  readonly gates: ReadonlyMap<string, GateDecision>;
  /** Uids of the pods that pass the publish gate, and stay. */
  readonly passing: ReadonlySet<string>;
  /** Serving pods that are wanted, and that are needed to carry what is there. */
  readonly wanted: number;
  readonly needed: number;
  readonly nodes?: NodeSupply;
  /** The revision that the spec asks for. */
  readonly revision: string;
  readonly records: readonly RevisionRecord[];
  readonly nowMs: number;
}

/** See the file comment. */
export interface View {
  readonly input: RolloutInput;
  readonly crew: Crew;
  readonly room: Room;
  /** The revision that pods are to be of: that of the spec, or after a failure the last good one. */
  readonly target: string;
  /** Of the target. */
  readonly record: RevisionRecord | undefined;
  /** The last revision that every pod was of. */
  readonly good: RevisionRecord | undefined;
  /** Why the revision of the spec is not rolled out any further. */
  readonly failure?: Reason;
  readonly isRollback: boolean;
  /** The failure is new, and to be remembered. */
  readonly mark: RecordMark | undefined;
  readonly recheckMs?: number;
}

/** See the file comment. */
export function look(input: RolloutInput): View {
  const { revision, records, nodes } = input;
  const good = lastProven(records);
  const crew = crewOf({ ...input, target: revision });
  const room = roomOf(crew.live, nodes);
  const record = recordOf(records, revision);
  const verdict = judged(input, { crew, room });
  const mark = good && newFailure(record, verdict.failure);
  const common = { input, room, good, mark, ...verdict };
  if (verdict.failure === undefined || good === undefined || !mayRollBack(input))
    return { ...common, crew, target: revision, record, isRollback: false };
  const target = good.revision;
  return { ...common, crew: crewOf({ ...input, target }), target, record: good, isRollback: true };
}

/** To be remembered, where there is another revision to go back to. */
function newFailure(record: RevisionRecord | undefined, failure: Reason | undefined): RecordMark | undefined {
  if (record === undefined || record.failure !== undefined || failure === undefined) return undefined;
  return { kind: 'Failed', revision: record.revision, ...failure };
}

/** A revision that was good once is not judged again, and who renews pods by hand judges by themselves. */
function judged(
  { cluster, revision, records, gates, nowMs }: RolloutInput,
  { crew, room }: { readonly crew: Crew; readonly room: Room },
): FailureDecision {
  const { strategy, progressDeadlineSeconds } = cluster.spec.update;
  const record = recordOf(records, revision);
  if (strategy === 'OnDelete' || record?.provenMs !== undefined) return {};
  if (record?.failure !== undefined) return { failure: record.failure };
  return failureOf({ crew, gates, freeNodes: room.free, deadlineMs: progressDeadlineSeconds * 1000, nowMs });
}

function mayRollBack({ cluster }: RolloutInput): boolean {
  const { onFailure, paused } = cluster.spec.update;
  return onFailure === 'Rollback' && !paused;
}

/** Outdated pods that a rollout has to do with: not those that leave, or are lost, for reasons of their own. */
export function concerned({ outdated, serving, draining }: Crew): readonly PodView[] {
  return outdated.filter((pod) => serving.includes(pod) || draining.includes(pod));
}
