/** Counters and histograms about fleets: what has happened between two reports of a cluster. PURE. */
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

/** Every counter about fleets. */
export const fleetCounters = {
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
