/** Rows of the dashboard *Fleet* about how things end, and what is not well. */
import { orNone, type DashboardDefinition } from '../definition.ts';
import { each, where } from './fleetScope.ts';

/** Conditions that are well when they are not True. */
const abnormal = 'Draining|Progressing|ScalingLimited|EngineLimited|ReconciliationPaused';

/** See the file comment. */
export const fleetEndRows: DashboardDefinition['rows'] = [
  {
    title: 'Drains and losses',
    panels: [
      {
        ...{ id: 16, kind: 'timeseries', title: 'Pods with a deadline', unit: 'none' },
        description: 'Pods that drain and will go with the calls that they then still have, by reason.',
        queries: [
          {
            expr: orNone(`count by (reason) (rtc_drain_deadline_seconds{${where}})`, 'reason'),
            legend: '{{reason}}',
          },
        ],
      },
      {
        ...{ id: 17, kind: 'timeseries', title: 'Drains that ended', unit: 'none' },
        description: 'Since the operator started, by reason and outcome. Forced: calls were cut.',
        queries: [
          {
            expr: orNone(`sum by (reason, outcome) (rtc_drain_seconds_count{${where}})`, 'outcome'),
            legend: '{{reason}} {{outcome}}',
          },
        ],
      },
      {
        ...{ id: 18, kind: 'timeseries', title: 'Dropped sessions by reason', unit: 'none', badFrom: 1 },
        description: 'Since the operator started. Everything but 0 is worth a look into the runbook.',
        queries: [{ expr: `sum by (reason) (rtc_sessions_dropped_total{${where}})`, legend: '{{reason}}' }],
      },
    ],
  },
  {
    title: 'Conditions',
    panels: [
      {
        ...{ id: 19, kind: 'timeseries', title: 'Conditions that are not well', unit: 'none' },
        description:
          '0: False, -1: Unknown. ScalingActive is False where you scale by hand. docs/conditions.md says what to do about each reason.',
        queries: [
          {
            expr: orNone(
              `${each(`rtc_cluster_condition{${where}, type!~"${abnormal}"}`, 'type')} < 1`,
              'type',
            ),
            legend: '{{type}} {{namespace}} {{cluster}}',
          },
        ],
      },
      {
        ...{ id: 20, kind: 'timeseries', title: 'Under way, or held', unit: 'none' },
        description:
          'Conditions that are True while something is going on, or while somebody has stopped it.',
        queries: [
          {
            expr: orNone(
              `${each(`rtc_cluster_condition{${where}, type=~"${abnormal}"}`, 'type')} == 1`,
              'type',
            ),
            legend: '{{type}} {{namespace}} {{cluster}}',
          },
        ],
      },
      {
        ...{ id: 21, kind: 'timeseries', title: 'Until the certificate of the API ends', unit: 's' },
        ...{ badFrom: 14 * 86_400, isBadBelow: true },
        description: 'After that Mattermost cannot connect. Empty where the API is served without TLS.',
        queries: [
          {
            expr: `${each(`rtc_api_certificate_end_seconds{${where}}`)} - time()`,
            legend: '{{namespace}}/{{cluster}}',
          },
        ],
      },
    ],
  },
];
