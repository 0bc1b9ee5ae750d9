/** Gauges about fleets: what is true of each cluster by its last report. PURE. */
import { memberStates } from '../../api/rtcclusterStatus.ts';
import type { FleetReport, Sample } from './report.ts';

/** One row: the labels beside `clusterLabels`, and how its values are read from a report. */
export interface FleetGauge {
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (report: FleetReport) => readonly Sample[];
}

const conditionValues = { True: 1, False: 0, Unknown: -1 } as const;

/** Every gauge about fleets. */
export const fleetGauges = {
  rtc_cluster_condition: {
    help: 'Conditions of an RTCCluster: 1 True, 0 False, -1 Unknown.',
    labels: ['type'],
    read: ({ status }) =>
      (status.conditions ?? []).map((condition) => ({
        labels: { type: condition.type },
        value: conditionValues[condition.status],
      })),
  },
  rtc_cluster_pods: {
    help: 'SFU pods by state; only Published is in DNS.',
    labels: ['state'],
    read: ({ decision }) =>
      memberStates.map((state) => ({
        labels: { state },
        value: decision.members.filter((member) => member.state === state).length,
      })),
  },
  rtc_cluster_sessions: {
    help: 'Participants in calls over all SFU pods that answered.',
    labels: [],
    read: ({ status }) => [{ labels: {}, value: status.sessions?.current ?? 0 }],
  },
} as const satisfies Readonly<Record<string, FleetGauge>>;
