/** Gauges about fleets: what is true of each cluster by its last report. PURE. */
import { memberStates } from '../../api/rtcclusterStatus.ts';
import type { ProbeResult } from '../../fleet/probeFacts.ts';
import { lastAnswer } from '../../fleet/scale/usage.ts';
import type { FleetReport, RefusedReport, Sample } from './report.ts';

/** One row: the labels beside `clusterLabels`, and how its values are read from a report. */
export interface FleetGauge {
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (report: FleetReport) => readonly Sample[];
  /** Of a cluster that nothing was ever decided about. Default: nothing. */
  readonly readRefused?: (report: RefusedReport) => readonly Sample[];
}

/** One value for each pod and kind of probe that has one. */
function probed(
  { members }: FleetReport['decision'],
  value: (result: ProbeResult) => number | undefined,
): Sample[] {
  return members.flatMap(({ pod: { name, facts } }) => {
    const probe = facts?.answered === true ? facts.probe : undefined;
    return (['media', 'reach'] as const).flatMap((kind) => {
      const result = probe?.[kind];
      const found = result === undefined ? undefined : value(result);
      return found === undefined ? [] : [{ labels: { pod: name, kind }, value: found }];
    });
  });
}

const conditionValues = { True: 1, False: 0, Unknown: -1 } as const;

function conditionsIn({ status }: RefusedReport): readonly Sample[] {
  return (status.conditions ?? []).map((condition) => ({
    labels: { type: condition.type },
    value: conditionValues[condition.status],
  }));
}

/** Every gauge about fleets. */
export const fleetGauges = {
  rtc_cluster_condition: {
    help: 'Conditions of an RTCCluster: 1 True, 0 False, -1 Unknown.',
    labels: ['type'],
    read: conditionsIn,
    readRefused: conditionsIn,
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
  rtc_desired_pods: {
    help: 'Serving SFU pods that each target of scaling asks for, headroom included; target "desired" is what is wanted in all.',
    labels: ['target'],
    read: ({ decision: { scale, wanted } }) => [
      ...scale.needs.map(({ target, pods }) => ({ labels: { target }, value: Math.round(pods * 100) / 100 })),
      { labels: { target: 'desired' }, value: wanted },
    ],
  },
  rtc_min_published_pods: {
    help: 'SFU pods that must be in DNS for the cluster to be Available (discovery.minPublished).',
    labels: [],
    read: ({ cluster: { spec } }) =>
      spec === undefined ? [] : [{ labels: {}, value: spec.discovery.minPublished }],
  },
  rtc_capacity_sessions: {
    help: 'Participants that the SFU pods in DNS can take in all, by scaling.target.',
    labels: [],
    read: ({ decision: { scale } }) => [{ labels: {}, value: scale.capacity }],
  },
  rtc_headroom_sessions: {
    help: 'Participants that the SFU pods in DNS can take beside those that are there, by scaling.target.',
    labels: [],
    read: ({ decision: { scale } }) => [
      { labels: {}, value: Math.max(0, scale.capacity - scale.inputs.sessions) },
    ],
  },
  rtc_pod_sessions: {
    help: 'Participants in calls on an SFU pod, as it said last.',
    labels: ['pod'],
    read: ({ decision }) =>
      decision.members.flatMap(({ pod }) => {
        const sessions = lastAnswer(pod)?.sessions;
        return sessions === undefined ? [] : [{ labels: { pod: pod.name }, value: sessions }];
      }),
  },
  rtc_pod_load_ratio: {
    help: 'CPU that the media workers of an SFU pod use, 0 to 1, as it said last.',
    labels: ['pod'],
    read: ({ decision }) =>
      decision.members.flatMap(({ pod }) => {
        const load = lastAnswer(pod)?.load;
        return load === undefined ? [] : [{ labels: { pod: pod.name }, value: load }];
      }),
  },
  rtc_drain_deadline_seconds: {
    help: 'When a pod that drains goes with the sessions that it still has, seconds since the epoch; missing where it waits for them.',
    labels: ['pod', 'reason'],
    read: ({ decision }) =>
      decision.members.flatMap(({ pod, drain, deadlineMs }) =>
        deadlineMs === undefined
          ? []
          : [
              {
                labels: { pod: pod.name, reason: drain?.reason ?? 'Terminated' },
                value: Math.round(deadlineMs / 1000),
              },
            ],
      ),
  },
  rtc_api_certificate_end_seconds: {
    help: 'When the certificate of the API ends, seconds since the epoch; missing without TLS.',
    labels: [],
    read: ({ certificateEndsMs }) =>
      certificateEndsMs === undefined ? [] : [{ labels: {}, value: certificateEndsMs / 1000 }],
  },
  rtc_probe_failures: {
    help: 'Probe calls to an SFU pod that failed since one passed, by kind: media (it calls itself), reach (its advertised addresses are called).',
    labels: ['pod', 'kind'],
    read: ({ decision }) => probed(decision, ({ failures }) => failures),
  },
  rtc_probe_loss_ratio: {
    help: 'Packets that the worst probe call to an SFU pod lost, 0 to 1.',
    labels: ['pod', 'kind'],
    read: ({ decision }) =>
      probed(decision, ({ lossPercent }) => (lossPercent === undefined ? undefined : lossPercent / 100)),
  },
  rtc_probe_join_seconds: {
    help: 'From join to the first packet heard, in the slowest probe call to an SFU pod.',
    labels: ['pod', 'kind'],
    read: ({ decision }) =>
      probed(decision, ({ joinMs }) => (joinMs === undefined ? undefined : joinMs / 1000)),
  },
  rtc_cluster_sessions: {
    help: 'Participants in calls over all SFU pods that answered.',
    labels: [],
    read: ({ status }) => [{ labels: {}, value: status.sessions?.current ?? 0 }],
  },
} as const satisfies Readonly<Record<string, FleetGauge>>;
