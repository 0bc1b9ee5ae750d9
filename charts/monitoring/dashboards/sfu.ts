/** *SFU*: do people get into calls, and do they hear each other well? With or without Kubernetes. */
import { mean, orNone, quantile, type DashboardDefinition } from '../definition.ts';
import { rateOf, where } from './sfuScope.ts';
import { sfuServerRows } from './sfuServer.ts';

const inScope = 'job=~"$job", namespace=~"$namespace", cluster=~"$cluster"';

/** See the file comment. */
export const sfuDashboard: DashboardDefinition = {
  uid: 'rtc-sfu',
  title: 'RTC / SFU',
  description: 'Do people get into calls, do they hear each other well, and what do the media workers say?',
  variables: [
    { name: 'job', label: 'Job', values: 'label_values(rtc_sfu_calls, job)' },
    {
      name: 'namespace',
      label: 'Namespace',
      values: 'label_values(rtc_sfu_calls{job=~"$job"}, namespace)',
    },
    {
      name: 'cluster',
      label: 'RTCCluster',
      values: 'label_values(rtc_sfu_calls{job=~"$job", namespace=~"$namespace"}, cluster)',
    },
    { name: 'instance', label: 'Instance', values: `label_values(rtc_sfu_calls{${inScope}}, instance)` },
  ],
  marks: [],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          ...{ id: 1, kind: 'stat', title: 'Sessions', unit: 'none' },
          description: 'Participants in calls.',
          queries: [{ expr: `sum(rtcd_rtc_sessions_total{${where}}) or vector(0)`, legend: 'sessions' }],
        },
        {
          ...{ id: 2, kind: 'stat', title: 'Calls', unit: 'none' },
          description: 'Calls that have sessions.',
          queries: [{ expr: `sum(rtc_sfu_calls{${where}})`, legend: 'calls' }],
        },
        {
          ...{ id: 3, kind: 'gauge', title: 'Load', unit: 'percentunit', badFrom: 0.9 },
          description: 'Mean load of the worker cores of the busiest SFU.',
          queries: [{ expr: `max(rtc_sfu_load{${where}})`, legend: 'load' }],
        },
        {
          ...{ id: 4, kind: 'stat', title: 'Workers down', unit: 'none', badFrom: 1 },
          description: 'Media workers that are not up; each is started again by its SFU.',
          queries: [{ expr: `count(rtc_sfu_worker_up{${where}} < 1) or vector(0)`, legend: 'workers down' }],
        },
        {
          ...{ id: 5, kind: 'stat', title: 'Draining', unit: 'none' },
          description: 'SFUs that take no new calls because they are being emptied.',
          queries: [{ expr: `sum(rtc_sfu_draining{${where}})`, legend: 'draining' }],
        },
        {
          ...{ id: 6, kind: 'stat', title: 'Full', unit: 'none', badFrom: 1 },
          description: 'SFUs that take no new calls because there is no room.',
          queries: [{ expr: `sum(rtc_sfu_full{${where}})`, legend: 'full' }],
        },
      ],
    },
    {
      title: 'Do people get in?',
      panels: [
        {
          ...{ id: 7, kind: 'timeseries', title: 'Join: the share of the server', unit: 's' },
          description: 'From the first offer of a client to our answer. Gaps: nobody joined.',
          queries: [
            { expr: quantile(0.5, `rtc_sfu_join_seconds{${where}}`), legend: 'half of them' },
            { expr: quantile(0.95, `rtc_sfu_join_seconds{${where}}`), legend: '95 %' },
          ],
        },
        {
          ...{ id: 8, kind: 'timeseries', title: 'From join to media', unit: 's' },
          description: 'What people wait, their network included; and the data channel after it.',
          queries: [
            { expr: quantile(0.95, `rtcd_rtc_connection_time{${where}}`), legend: 'connected, 95 %' },
            { expr: quantile(0.95, `rtcd_rtc_dc_open_time{${where}}`), legend: 'data channel, 95 %' },
          ],
        },
        {
          ...{ id: 9, kind: 'timeseries', title: 'Changes of connections', unit: 'cps' },
          description: 'connected and closed in balance is well; failed beside them is not.',
          queries: [{ expr: `sum by (type) (${rateOf('rtcd_rtc_conn_states_total')})`, legend: '{{type}}' }],
        },
        {
          ...{ id: 10, kind: 'timeseries', title: 'Sessions without a path', unit: 'cps' },
          description:
            'never_connected: a firewall or a wrong address, or a client that needs TURN. lost: mostly its own network. server: ours.',
          queries: [
            {
              expr: orNone(`sum by (cause) (${rateOf('rtc_sfu_ice_failures_total')})`, 'cause'),
              legend: '{{cause}}',
            },
          ],
        },
        {
          ...{ id: 11, kind: 'timeseries', title: 'What limits refused', unit: 'cps' },
          description: 'By limit; the keys are in docs/configuration.md under limits.',
          queries: [
            {
              expr: orNone(`sum by (limit) (${rateOf('rtc_sfu_limited_total')})`, 'limit'),
              legend: '{{limit}}',
            },
          ],
        },
        {
          ...{ id: 12, kind: 'timeseries', title: 'Errors in sessions', unit: 'cps' },
          description: 'By type, with the names of rtcd.',
          queries: [
            {
              expr: orNone(`sum by (type) (${rateOf('rtcd_rtc_errors_total')})`, 'type'),
              legend: '{{type}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Do they hear each other well?',
      panels: [
        {
          ...{ id: 13, kind: 'timeseries', title: 'Loss that clients report', unit: 'percentunit' },
          description:
            'Beyond some per cent speech suffers. High for all: the node; high for 5 %: their networks.',
          queries: [
            { expr: mean(`rtcd_rtc_client_loss_rate{${where}}`), legend: 'mean' },
            { expr: quantile(0.95, `rtcd_rtc_client_loss_rate{${where}}`), legend: '95 %' },
          ],
        },
        {
          ...{ id: 14, kind: 'timeseries', title: 'Round trip that clients report', unit: 's' },
          description: 'Above some 0.3 s people interrupt each other.',
          queries: [
            { expr: mean(`rtcd_rtc_client_rtt{${where}}`), legend: 'mean' },
            { expr: quantile(0.95, `rtcd_rtc_client_rtt{${where}}`), legend: '95 %' },
          ],
        },
        {
          ...{ id: 15, kind: 'timeseries', title: 'Jitter that clients report', unit: 's' },
          description: 'What the buffers of clients have to level out.',
          queries: [
            { expr: mean(`rtcd_rtc_client_jitter{${where}}`), legend: 'mean' },
            { expr: quantile(0.95, `rtcd_rtc_client_jitter{${where}}`), legend: '95 %' },
          ],
        },
        {
          ...{ id: 16, kind: 'timeseries', title: 'Wait of a packet in a worker', unit: 's' },
          description: 'The part of delay that is ours, 99 % of the samples, by kind of track.',
          queries: [
            {
              expr: quantile(0.99, `rtcd_rtc_rtp_tracks_writes_time{${where}}`, ['type']),
              legend: '{{type}}',
            },
          ],
        },
      ],
    },
    {
      title: 'What goes through',
      panels: [
        {
          ...{ id: 17, kind: 'timeseries', title: 'Tracks', unit: 'none' },
          description: 'From clients (in) and to them (out), by codec.',
          queries: [
            {
              expr: `sum by (direction, type) (rtcd_rtc_rtp_tracks_total{${where}})`,
              legend: '{{direction}} {{type}}',
            },
          ],
        },
        {
          ...{ id: 18, kind: 'timeseries', title: 'Packets', unit: 'pps' },
          description: 'RTP from clients (in) and to them (out).',
          queries: [
            { expr: `sum by (direction) (${rateOf('rtc_sfu_packets_total')})`, legend: '{{direction}}' },
          ],
        },
        {
          ...{ id: 19, kind: 'timeseries', title: 'Messages of Mattermost', unit: 'cps' },
          description: 'On the WebSockets of the plugin, by type and direction.',
          queries: [
            {
              expr: `sum by (type, direction) (${rateOf('rtcd_ws_messages_total')})`,
              legend: '{{type}} {{direction}}',
            },
          ],
        },
        {
          ...{ id: 20, kind: 'timeseries', title: 'Connections of Mattermost', unit: 'none' },
          description:
            'One for each node of a Mattermost. 0: it does not find this SFU, or has no key for it.',
          queries: [
            {
              expr: `sum by (instance) (rtcd_ws_connections_total{${where}})`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          ...{ id: 21, kind: 'timeseries', title: 'Signalling lock', unit: 's' },
          description: 'How long clients held the lock, and how long the server waited for it: mean.',
          queries: [
            { expr: mean(`rtcd_rtc_signaling_lock_locked_time{${where}}`), legend: 'held' },
            { expr: mean(`rtcd_rtc_signaling_lock_grab_time{${where}}`), legend: 'waited for' },
          ],
        },
      ],
    },
    ...sfuServerRows,
  ],
  exemptions: [],
};
