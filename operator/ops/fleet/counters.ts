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
} as const satisfies Readonly<Record<string, FleetCounter>>;
