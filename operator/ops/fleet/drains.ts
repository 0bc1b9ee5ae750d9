/** How drains ended between two reports of a cluster, and which sessions were lost. PURE. */
import { drainReasons } from '../../api/spec/drain.ts';
import type { Member } from '../../fleet/members.ts';
import { sessionsOf } from '../../fleet/members.ts';
import type { FleetReport, Sample } from './report.ts';

/** One observation for each drain that ended: how many seconds after its begin, and how. */
export function endedDrains(before: FleetReport, now: FleetReport): Sample[] {
  const deleted = now.decision.deletions.flatMap(({ pod, isForced }) =>
    pod.marks.drain === undefined
      ? []
      : [{ drain: pod.marks.drain, outcome: isForced ? 'Forced' : 'Completed' }],
  );
  const serving = new Set(
    now.decision.members.filter(({ drain, pod }) => drain === undefined && !pod.isTerminating).map(uidOf),
  );
  const undone = before.decision.members.flatMap((member) =>
    member.drain !== undefined && serving.has(uidOf(member))
      ? [{ drain: member.drain, outcome: 'Undone' }]
      : [],
  );
  return [...deleted, ...undone].map(({ drain, outcome }) => ({
    labels: { reason: drain.reason, outcome },
    value: (now.nowMs - drain.startedMs) / 1000,
  }));
}

/** What a pod with sessions that fails is counted as when a kubelet has a word of its own for it, such as Evicted. */
const failed = 'PodFailed';
const crashes: readonly string[] = ['OOMKilled', 'ContainerCrashed'];

/** Every reason that `droppedSessions` gives: a series of each is there before the first session is lost. */
export const dropReasons = [
  ...drainReasons,
  'Terminated',
  'PodLost',
  'OOMKilled',
  'ContainerCrashed',
  failed,
] as const;

/** Sessions that ended with their pod, by why it ended. What is known of them is as old as the last poll. */
export function droppedSessions(before: FleetReport, now: FleetReport): Sample[] {
  const forced = now.decision.deletions
    .filter(({ isForced }) => isForced)
    .map(({ pod }) => ({ reason: pod.marks.drain?.reason ?? 'Terminated', sessions: sessionsOf(pod) ?? 0 }));
  const deleted = new Set(now.decision.deletions.map(({ pod }) => pod.uid));
  const after = new Map(now.decision.members.map((member) => [uidOf(member), member]));
  const lost = before.decision.members.flatMap((member) => {
    const reason = deleted.has(uidOf(member))
      ? undefined
      : lossOf(member, after.get(uidOf(member)), now.nowMs);
    return reason === undefined ? [] : [{ reason, sessions: sessionsOf(member.pod) ?? 0 }];
  });
  return [...forced, ...lost]
    .filter(({ sessions }) => sessions > 0)
    .map(({ reason, sessions }) => ({ labels: { reason }, value: sessions }));
}

/** How close to its time a terminating pod must have gone to have been cut off, rather than to have come to its end. */
const cutOffMs = 5_000;

function lossOf(was: Member, is: Member | undefined, nowMs: number): string | undefined {
  if (is !== undefined) return was.pod.problem === undefined ? named(is.pod.problem?.reason) : undefined;
  const { isTerminating, terminatesMs = nowMs } = was.pod;
  if (!isTerminating) return 'PodLost';
  return nowMs >= terminatesMs - cutOffMs ? 'Terminated' : undefined;
}

function named(problem: string | undefined): string | undefined {
  return problem === undefined || crashes.includes(problem) ? problem : failed;
}

function uidOf({ pod }: Member): string {
  return pod.uid;
}
