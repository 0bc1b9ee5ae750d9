/** *TURN*: can people who need a relay get one, and is nothing about to expire? */
import { orNone, type DashboardDefinition } from '../definition.ts';

const where = 'job=~"$job", namespace=~"$namespace", turnserver=~"$turnserver"';
const exporter = `${where}, instance=~"$instance"`;
const each = (name: string, ...by: readonly string[]): string =>
  `max by (${['namespace', 'turnserver', ...by].join(', ')}) (${name})`;
const rateOf = (counter: string): string => `sum(rate(${counter}{${exporter}}[$__rate_interval]))`;

/** See the file comment. */
export const turnDashboard: DashboardDefinition = {
  uid: 'rtc-turn',
  title: 'RTC / TURN',
  description:
    'Can people who need a relay get one, and is neither secret nor certificate about to fail them?',
  variables: [
    {
      name: 'job',
      label: 'Job',
      values: 'label_values({__name__=~"rtc_turn_pods|turn_total_allocations"}, job)',
    },
    {
      name: 'namespace',
      label: 'Namespace',
      values: 'label_values(rtc_turn_pods{job=~"$job"}, namespace)',
    },
    {
      name: 'turnserver',
      label: 'TurnServer',
      values: 'label_values(rtc_turn_pods{job=~"$job", namespace=~"$namespace"}, turnserver)',
    },
    {
      name: 'instance',
      label: 'Instance',
      values: 'label_values(turn_total_allocations{job=~"$job", namespace=~"$namespace"}, instance)',
    },
  ],
  marks: [],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          ...{ id: 1, kind: 'stat', title: 'Published pods', unit: 'none' },
          ...{ badFrom: 1, isBadBelow: true },
          description:
            'TURN pods that clients are sent to. At 0 people behind strict firewalls have no media.',
          queries: [
            { expr: `sum(${each(`rtc_turn_pods{${where}, state="Published"}`)})`, legend: 'published' },
          ],
        },
        {
          ...{ id: 2, kind: 'stat', title: 'Allocations', unit: 'none' },
          description: 'Relays in use, as the operator was told. 0 also where no coturn has an exporter.',
          queries: [
            {
              expr: `sum(${each(`rtc_turn_allocations{${where}}`, 'pod')}) or vector(0)`,
              legend: 'allocations',
            },
          ],
        },
        {
          ...{ id: 3, kind: 'gauge', title: 'Fullest pod', unit: 'percentunit', badFrom: 0.8 },
          description: 'Allocations against limits.allocationsTotal. At 1 it refuses the next client.',
          queries: [
            {
              expr: `max(${each(`rtc_turn_allocations{${where}}`, 'pod')} / on (namespace, turnserver) group_left () ${each(`rtc_turn_allocations_limit{${where}}`)}) or vector(0)`,
              legend: 'full',
            },
          ],
        },
        {
          ...{ id: 4, kind: 'stat', title: 'Servers not ready', unit: 'none', badFrom: 1 },
          description: 'TurnServers whose condition Ready is not True.',
          queries: [
            {
              expr: `count(${each(`rtc_turn_condition{${where}, type="Ready"}`)} < 1) or vector(0)`,
              legend: 'not ready',
            },
          ],
        },
        {
          ...{ id: 5, kind: 'stat', title: 'Age of the secret', unit: 's' },
          description: 'Of the oldest one. auth.rotation.intervalSeconds says when it is replaced.',
          queries: [{ expr: `max(turn_secret_age_seconds{${where}})`, legend: 'age' }],
        },
        {
          ...{ id: 6, kind: 'stat', title: 'Until a certificate ends', unit: 's' },
          ...{ badFrom: 14 * 86_400, isBadBelow: true },
          description: 'The first of TLS and DTLS. Empty where TURN is served without TLS.',
          queries: [{ expr: `min(rtc_turn_certificate_end_seconds{${where}}) - time()`, legend: 'left' }],
        },
      ],
    },
    {
      title: 'Servers',
      panels: [
        {
          ...{ id: 7, kind: 'timeseries', title: 'Pods by state', unit: 'none', isStacked: true },
          description: 'Only Published is told to clients.',
          queries: [
            { expr: `sum by (state) (${each(`rtc_turn_pods{${where}}`, 'state')})`, legend: '{{state}}' },
          ],
        },
        {
          ...{ id: 8, kind: 'timeseries', title: 'Allocations of each pod', unit: 'none' },
          description: 'And how many each may have.',
          queries: [
            { expr: each(`rtc_turn_allocations{${where}}`, 'pod'), legend: '{{pod}}' },
            {
              expr: each(`rtc_turn_allocations_limit{${where}}`),
              legend: 'limit of {{namespace}}/{{turnserver}}',
            },
          ],
        },
        {
          ...{ id: 9, kind: 'timeseries', title: 'Rotation of the secret', unit: 'none' },
          description:
            '1 for the stage it is in. Overlapping lasts as long as old credentials do, hours; the others minutes.',
          queries: [
            {
              expr: each(`turn_secret_rotation_stage{${where}}`, 'stage'),
              legend: '{{stage}} {{namespace}}/{{turnserver}}',
            },
          ],
        },
        {
          ...{ id: 10, kind: 'timeseries', title: 'Conditions that are not well', unit: 'none' },
          description: '0: False, -1: Unknown. `kubectl describe turnserver` says why.',
          queries: [
            {
              expr: orNone(
                `${each(`rtc_turn_condition{${where}, type!~"Draining|Progressing|ReconciliationPaused"}`, 'type')} < 1`,
                'type',
              ),
              legend: '{{type}} {{namespace}} {{turnserver}}',
            },
          ],
        },
      ],
    },
    {
      title: 'coturn (images with its exporter)',
      panels: [
        {
          ...{ id: 11, kind: 'timeseries', title: 'Allocations by transport', unit: 'none' },
          description: 'How clients reach coturn. Many on TLS/TCP: their networks let no UDP out.',
          queries: [
            {
              expr: orNone(`sum by (type) (turn_total_allocations{${exporter}})`, 'type'),
              legend: '{{type}}',
            },
          ],
        },
        {
          ...{ id: 12, kind: 'timeseries', title: 'Relayed traffic of ended allocations', unit: 'Bps' },
          description: 'coturn counts traffic when an allocation ends, so a long call is one late peak.',
          queries: [
            { expr: `${rateOf('turn_total_traffic_rcvb')} or vector(0)`, legend: 'from clients' },
            { expr: `${rateOf('turn_total_traffic_sentb')} or vector(0)`, legend: 'to clients' },
          ],
        },
        {
          ...{ id: 13, kind: 'timeseries', title: 'Requests without a credential', unit: 'reqps' },
          description:
            'Each allocation begins with one. Far more of them than allocations: somebody tries, or credentials are refused. Dropped: the rate limit held.',
          queries: [
            { expr: `${rateOf('turn_unauthenticated_401_requests')} or vector(0)`, legend: 'asked' },
            {
              expr: `${rateOf('turn_unauthenticated_401_dropped_responses')} or vector(0)`,
              legend: 'dropped',
            },
          ],
        },
        {
          ...{ id: 14, kind: 'timeseries', title: 'Packets that coturn dropped', unit: 'pps' },
          description:
            'Beside those that it processed. Grows with a processor or a buffer that is too small.',
          queries: [
            { expr: `${rateOf('turn_packet_processed')} or vector(0)`, legend: 'processed' },
            { expr: `${rateOf('turn_packet_dropped')} or vector(0)`, legend: 'dropped' },
          ],
        },
      ],
    },
  ],
  exemptions: [
    {
      rule: 'target-instance',
      because: 'what an operator says of a TurnServer does not depend on which of its replicas says it',
    },
  ],
};
