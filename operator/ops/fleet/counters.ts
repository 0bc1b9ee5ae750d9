/** Counters and histograms about fleets: what has happened between two reports of a cluster. PURE. */
import { droppedSessions, dropReasons, endedDrains } from './drains.ts';
import type { FleetReport, Sample } from './report.ts';

/** One row; a row with `buckets` is a histogram, whose samples are observations. */
export interface FleetCounter {
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
  /** Label sets that are 0 from the first report on: `increase()` does not see the first of a series that begins with it. */
  readonly startsWith?: readonly Sample['labels'][];
  /** What happened since `before`; after a start of the operator there is none, and nothing is counted twice. */
  readonly read: (before: FleetReport, now: FleetReport) => readonly Sample[];
}

/** From what a call takes to end to what a deadline allows. */
const drainSeconds = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 18_000, 86_400];

/** Every counter about fleets. */
export const fleetCounters = {
  rtc_drain_seconds: {
    help: 'Time from the begin of a drain to its end, by its reason and outcome (Completed, Forced, Undone).',
    labels: ['reason', 'outcome'],
    buckets: drainSeconds,
    read: endedDrains,
  },
  rtc_sessions_dropped_total: {
    help: 'Sessions that ended with their pod: by the reason of its drain at the deadline, Terminated when Kubernetes ended it, PodLost when it vanished, OOMKilled or ContainerCrashed, and PodFailed whatever else a node calls it. 0 is the product.',
    labels: ['reason'],
    startsWith: dropReasons.map((reason) => ({ reason })),
    read: droppedSessions,
  },
  rtc_members_entered_total: {
    help: 'SFU pods that entered a state.',
    labels: ['state'],
    read: (before, now) => {
      const known = new Map(before.decision.members.map(({ pod, state }) => [pod.uid, state]));
      return now.decision.members
        .filter(({ pod, state }) => known.get(pod.uid) !== state)
        .map(({ state }) => ({ labels: { state }, value: 1 }));
    },
  },
  rtc_publish_gate_failures_total: {
    help: 'How often something began to keep an SFU pod that was never in DNS out of it, by what that is.',
    labels: ['gate'],
    read: (before, now) => {
      const known = new Set(gated(before).map(({ uid, gate }) => `${uid} ${gate}`));
      return gated(now)
        .filter(({ uid, gate }) => !known.has(`${uid} ${gate}`))
        .map(({ gate }) => ({ labels: { gate }, value: 1 }));
    },
  },
  rtc_scale_decisions_total: {
    help: 'Changes of the number of SFU pods by direction (up, down) and reason; those of a dry run have the reason DryRun.',
    labels: ['direction', 'reason'],
    read: (_, { decision: { scale } }) => {
      if (scale.change === undefined) return [];
      const { from, to, reason, isDryRun } = scale.change;
      const labels = { direction: to > from ? 'up' : 'down', reason: isDryRun ? 'DryRun' : reason };
      return [{ labels, value: 1 }];
    },
  },
  rtc_lead_time_seconds: {
    help: 'Time from the creation of an SFU pod until it was first in DNS.',
    labels: [],
    buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 180, 240, 300, 450, 600, 900],
    read: (_, { decision, nowMs }) =>
      decision.members
        .filter(({ pod, isPublished }) => isPublished && pod.marks.publishedSinceMs === undefined)
        .map(({ pod }) => ({ labels: {}, value: (nowMs - pod.createdMs) / 1000 })),
  },
} as const satisfies Readonly<Record<string, FleetCounter>>;

/** Pods that could serve, and are not let into DNS. */
function gated({ decision }: FleetReport): { readonly uid: string; readonly gate: string }[] {
  return decision.members.flatMap(({ pod: { uid }, state, reason }) =>
    state === 'Gated' && reason !== undefined ? [{ uid, gate: reason }] : [],
  );
}
