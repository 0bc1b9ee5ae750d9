/** PURE: two decisions after one another → what of it changed, with the reasons: the diary of an RTCCluster or a TurnServer. */
import type { MemberStatus, RtcClusterStatus } from '../api/rtccluster.ts';
import type { Condition } from '../api/shared.ts';
import type { Deletion } from '../fleet/decide.ts';
import type { Reason } from '../fleet/pod.ts';

/** One line of the diary. */
export interface RecordedChange extends Reason {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** `pod calls-sfu-1`, `pods` (their number), `condition Ready`, `writes`. */
  readonly about: string;
  /** What it was; absent when it was not there. */
  readonly was?: string;
  readonly is: string;
}

/** As much of the status of an RTCCluster or a TurnServer as changes are told of. */
export type ToldStatus = Partial<
  Pick<RtcClusterStatus, 'desiredPods' | 'members' | 'conditions' | 'scaling'>
>;

/** One decision, as far as its changes are told. */
export interface Told {
  readonly status: ToldStatus;
  readonly deletions: readonly Deletion[];
  /** Why something could not be written. */
  readonly refusal?: Reason;
  readonly nowMs: number;
}

/** As much of a status as the next one is compared with: a thousand clusters are remembered. */
export interface Compared {
  readonly desiredPods?: number | undefined;
  readonly members?: readonly Pick<MemberStatus, 'name' | 'state' | 'reason' | 'drain'>[] | undefined;
  readonly conditions?: readonly Pick<Condition, 'type' | 'status' | 'reason'>[] | undefined;
}

/** See Compared. */
export function compared({ desiredPods, members, conditions }: ToldStatus): Compared {
  return {
    desiredPods,
    members: members?.map(({ name, state, reason, drain }) => ({ name, state, reason, drain })),
    conditions: conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
  };
}

/** What was decided before. */
export interface Before extends Pick<Told, 'refusal'> {
  readonly status: Compared;
}

/** Equal decisions give none. Conditions that were never said before are none either: they are the beginning. */
export function changesOf(before: Before, now: Told): RecordedChange[] {
  return [
    ...numberChange(before.status, now),
    ...podChanges(before.status.members ?? [], now),
    ...refusalChange(before.refusal, now),
    ...conditionChanges(before.status, now),
  ];
}

function numberChange(before: Compared, { status, nowMs }: Told): RecordedChange[] {
  const { desiredPods: was } = before;
  const { desiredPods: is, scaling } = status;
  if (is === undefined || was === is) return [];
  const last = scaling?.lastDecision;
  const why = last?.to === is ? last : { reason: 'Wanted', message: `${is} serving pods are wanted` };
  const { reason, message } = why;
  return [{ ...line('pods', nowMs), ...wasText(was), is: String(is), reason, message }];
}

function podChanges(
  before: NonNullable<Compared['members']>,
  { status, deletions, nowMs }: Told,
): RecordedChange[] {
  const members = status.members ?? [];
  const changed = members.flatMap((member) => {
    const was = before.find(({ name }) => name === member.name);
    if (was?.state === member.state && was.reason === member.reason) return [];
    const { state, reason = state, message = '' } = member;
    const about = line(`pod ${member.name}`, nowMs);
    return [{ ...about, ...wasText(was && stateText(was)), is: stateText(member), reason, message }];
  });
  const gone = before.filter(({ name }) => !members.some((member) => member.name === name));
  return [
    ...changed,
    ...gone.map((was) => {
      const deletion = deletions.find(({ pod }) => pod.name === was.name);
      const { reason, message } = deletion ?? { reason: 'Gone', message: 'The pod is not there any more' };
      const about = line(`pod ${was.name}`, nowMs);
      return { ...about, was: stateText(was), is: deletion ? 'Deleted' : 'Gone', reason, message };
    }),
  ];
}

function stateText({ state, drain }: Pick<MemberStatus, 'state' | 'drain'>): string {
  return drain === undefined ? state : `${state} (${drain})`;
}

function refusalChange(before: Reason | undefined, { refusal, nowMs }: Told): RecordedChange[] {
  if (before?.reason === refusal?.reason && before?.message === refusal?.message) return [];
  const about = { ...line('writes', nowMs), ...wasText(before?.reason) };
  if (refusal !== undefined) return [{ ...about, is: 'Refused', ...refusal }];
  return [
    { ...about, is: 'Written', reason: 'Written', message: 'What was refused before has been written' },
  ];
}

function conditionChanges(before: Compared, { status, nowMs }: Told): RecordedChange[] {
  const known = before.conditions ?? [];
  return (status.conditions ?? []).flatMap((condition) => {
    const was = known.find(({ type }) => type === condition.type);
    if (was === undefined || (was.status === condition.status && was.reason === condition.reason)) return [];
    const { type, reason, message } = condition;
    return [{ ...line(`condition ${type}`, nowMs), was: was.status, is: condition.status, reason, message }];
  });
}

function line(about: string, atMs: number): Pick<RecordedChange, 'about' | 'atMs'> {
  return { atMs, about };
}

function wasText(was: string | number | undefined): Pick<RecordedChange, 'was'> {
  return was === undefined ? {} : { was: String(was) };
}
