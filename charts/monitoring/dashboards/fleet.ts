/** *Fleet*: are there enough SFU pods, do clients get to them, and why is their number what it is? */
import { orNone, type DashboardDefinition } from '../definition.ts';
import { fleetEndRows } from './fleetEnds.ts';
import { each, where } from './fleetScope.ts';

const total = (name: string): string => `sum(${each(`${name}{${where}}`)})`;
const decisions = `sum by (instance, namespace, cluster, direction, reason) (rtc_scale_decisions_total{${where}})`;
const decisionsBefore = `sum by (instance, namespace, cluster, direction, reason) (rtc_scale_decisions_total{${where}} offset $__interval)`;

/** See the file comment. */
export const fleetDashboard: DashboardDefinition = {
  uid: 'rtc-fleet',
  title: 'RTC / Fleet',
  description:
    'Are there enough SFU pods, are they in DNS, do they lose calls, and why is their number what it is?',
  variables: [
    { name: 'job', label: 'Job', values: 'label_values(rtc_cluster_pods, job)' },
    {
      name: 'namespace',
      label: 'Namespace',
      values: 'label_values(rtc_cluster_pods{job=~"$job"}, namespace)',
    },
    {
      name: 'cluster',
      label: 'RTCCluster',
      values: 'label_values(rtc_cluster_pods{job=~"$job", namespace=~"$namespace"}, cluster)',
    },
  ],
  marks: [
    {
      name: 'Scale decisions',
      expr: `${decisions} - (${decisionsBefore} or ${decisions} * 0) > 0`,
      title: '{{namespace}}/{{cluster}} {{direction}}: {{reason}}',
    },
  ],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          ...{ id: 1, kind: 'stat', title: 'Published pods', unit: 'none' },
          ...{ badFrom: 1, isBadBelow: true },
          description: 'SFU pods in DNS. At 0 nobody can start or join a call.',
          queries: [
            {
              expr: `sum(${each(`rtc_cluster_pods{${where}, state="Published"}`)})`,
              legend: 'published',
            },
          ],
        },
        {
          ...{ id: 2, kind: 'stat', title: 'Wanted pods', unit: 'none' },
          description: 'What spec and demand ask for. More than are published for long: see the conditions.',
          queries: [
            { expr: `sum(${each(`rtc_desired_pods{${where}, target="desired"}`)})`, legend: 'wanted' },
          ],
        },
        {
          ...{ id: 3, kind: 'stat', title: 'Sessions', unit: 'none' },
          description: 'Participants in calls, over all pods that answered.',
          queries: [{ expr: total('rtc_cluster_sessions'), legend: 'sessions' }],
        },
        {
          ...{ id: 4, kind: 'stat', title: 'Headroom', unit: 'none' },
          description: 'Participants that published pods can still take.',
          queries: [{ expr: total('rtc_headroom_sessions'), legend: 'headroom' }],
        },
        {
          ...{ id: 5, kind: 'stat', title: 'Dropped sessions', unit: 'none', badFrom: 1 },
          description: 'Sessions that ended with their pod within the time shown. 0 is the product.',
          queries: [
            { expr: `sum(increase(rtc_sessions_dropped_total{${where}}[$__range]))`, legend: 'dropped' },
          ],
        },
        {
          ...{ id: 6, kind: 'stat', title: 'Clusters not ready', unit: 'none', badFrom: 1 },
          description: 'RTCClusters whose condition Ready is not True; `kubectl get rtc -A` says why.',
          queries: [
            {
              expr: `count(${each(`rtc_cluster_condition{${where}, type="Ready"}`)} < 1) or vector(0)`,
              legend: 'not ready',
            },
          ],
        },
      ],
    },
    {
      title: 'Capacity',
      panels: [
        {
          ...{ id: 7, kind: 'timeseries', title: 'Sessions against capacity', unit: 'none' },
          description: 'Sessions above the line of capacity: people get worse sound, and joins are refused.',
          queries: [
            { expr: each(`rtc_cluster_sessions{${where}}`), legend: '{{namespace}}/{{cluster}} sessions' },
            { expr: each(`rtc_capacity_sessions{${where}}`), legend: '{{namespace}}/{{cluster}} capacity' },
          ],
        },
        {
          ...{ id: 8, kind: 'timeseries', title: 'Pods that each target asks for', unit: 'none' },
          description: 'The highest wins, within minPods and maxPods: it names what the fleet is sized by.',
          queries: [
            {
              expr: each(`rtc_desired_pods{${where}}`, 'target'),
              legend: '{{namespace}}/{{cluster}} {{target}}',
            },
          ],
        },
        {
          ...{ id: 9, kind: 'timeseries', title: 'Scale decisions', unit: 'none' },
          description:
            'Changes of the number of pods since the operator started, by direction and reason; each is a mark in the other panels.',
          queries: [
            {
              expr: orNone(`sum by (direction, reason) (rtc_scale_decisions_total{${where}})`, 'direction'),
              legend: '{{direction}} {{reason}}',
            },
          ],
        },
        {
          ...{ id: 10, kind: 'timeseries', title: 'From creation to DNS', unit: 's' },
          description:
            'How long new pods took until they were published: 95 % of those since the operator started. Scaling ahead reckons with it. Empty where none came.',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (namespace, cluster, le) (rtc_lead_time_seconds_bucket{${where}}))`,
              legend: '{{namespace}}/{{cluster}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Pods',
      panels: [
        {
          ...{ id: 11, kind: 'timeseries', title: 'Pods by state', unit: 'none', isStacked: true },
          description:
            'Only Published is in DNS. Gated or Failed for long: `kubectl rtc why` names the gate.',
          queries: [
            { expr: `sum by (state) (${each(`rtc_cluster_pods{${where}}`, 'state')})`, legend: '{{state}}' },
          ],
        },
        {
          ...{ id: 12, kind: 'timeseries', title: 'Sessions of each pod', unit: 'none' },
          description: 'Even lines: clients spread over the pods. One at 0 takes no calls.',
          queries: [{ expr: each(`rtc_pod_sessions{${where}}`, 'pod'), legend: '{{pod}}' }],
        },
        {
          ...{ id: 13, kind: 'timeseries', title: 'Load of each pod', unit: 'percentunit', badFrom: 0.9 },
          description: 'Share of its cores that the media workers of a pod use.',
          queries: [{ expr: each(`rtc_pod_load_ratio{${where}}`, 'pod'), legend: '{{pod}}' }],
        },
        {
          ...{ id: 14, kind: 'timeseries', title: 'Closed publish gates', unit: 'none' },
          description: 'What has kept pods out of DNS, since the operator started.',
          queries: [
            {
              expr: orNone(`sum by (gate) (rtc_publish_gate_failures_total{${where}})`, 'gate'),
              legend: '{{gate}}',
            },
          ],
        },
        {
          ...{ id: 15, kind: 'timeseries', title: 'Probe calls that failed in a row', unit: 'none' },
          description:
            'media: a pod cannot carry a call at all. reach: its advertised address does not lead there.',
          queries: [
            {
              expr: orNone(`${each(`rtc_probe_failures{${where}}`, 'pod', 'kind')} > 0`, 'kind'),
              legend: '{{pod}} {{kind}}',
            },
          ],
        },
      ],
    },
    ...fleetEndRows,
  ],
  exemptions: [
    {
      rule: 'template-instance',
      because: 'what an operator says of a cluster does not depend on which of its replicas says it',
    },
    { rule: 'target-instance', because: 'see template-instance' },
  ],
};
