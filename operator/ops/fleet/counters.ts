/** Counters and histograms about fleets: what has happened between two reports of a cluster. PURE. */
import { droppedSessions, endedDrains } from './drains.ts';
import type { FleetReport, Sample } from './report.ts';

/** One row; a row with `buckets` is a histogram, whose samples are observations. */
export interface FleetCounter {
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
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
    help: 'Sessions that ended with their pod: by the reason of its drain at the deadline, Terminated when Kubernetes ended it, PodLost when it vanished, or how it crashed. 0 is the product.',
    labels: ['reason'],
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
