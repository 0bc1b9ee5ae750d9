/** *Operator*: does it lead, does it see the API server, and does it keep up? */
import { orNone, quantile, type DashboardDefinition } from '../definition.ts';

const where = 'job=~"$job", instance=~"$instance"';

/** See the file comment. */
export const operatorDashboard: DashboardDefinition = {
  uid: 'rtc-operator',
  title: 'RTC / Operator',
  description: 'Does an operator lead, does it hear from the API server, and does it keep up with changes?',
  variables: [
    { name: 'job', label: 'Job', values: 'label_values(rtc_operator_leader, job)' },
    {
      name: 'instance',
      label: 'Instance',
      values: 'label_values(rtc_operator_leader{job=~"$job"}, instance)',
    },
  ],
  marks: [],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          ...{ id: 1, kind: 'stat', title: 'Leaders', unit: 'none', badFrom: 1, isBadBelow: true },
          description: 'One acts, the others stand by. At 0 nothing is scaled, published or drained.',
          queries: [{ expr: `sum(rtc_operator_leader{${where}})`, legend: 'leaders' }],
        },
        {
          ...{ id: 2, kind: 'stat', title: 'Replicas', unit: 'none' },
          description: 'Operator pods that answer.',
          queries: [{ expr: `count(rtc_operator_leader{${where}})`, legend: 'replicas' }],
        },
        {
          ...{ id: 3, kind: 'stat', title: 'Silence of the API server', unit: 's', badFrom: 300 },
          description: 'The longest time that nothing was heard about a kind; bookmarks come every minute.',
          queries: [{ expr: `max(rtc_operator_watch_last_event_age_seconds{${where}})`, legend: 'silence' }],
        },
        {
          ...{ id: 4, kind: 'stat', title: 'Keys that fail', unit: 'none', badFrom: 1 },
          description:
            'Clusters and TURN servers whose last reconcile ended with an error, to be tried again.',
          queries: [{ expr: `sum(rtc_operator_queue_keys{${where}, state="failing"})`, legend: 'failing' }],
        },
      ],
    },
    {
      title: 'Work',
      panels: [
        {
          ...{ id: 5, kind: 'timeseries', title: 'Reconciles', unit: 'cps' },
          description: 'By result. Errors that stay: see the log of the leader.',
          queries: [
            {
              expr: `sum by (result) (rate(rtc_operator_reconcile_total{${where}}[$__rate_interval]))`,
              legend: '{{result}}',
            },
          ],
        },
        {
          ...{ id: 6, kind: 'timeseries', title: 'Time of a reconcile', unit: 's' },
          description: 'Mostly the API server: it writes, and waits for the answer.',
          queries: [
            { expr: quantile(0.5, `rtc_operator_reconcile_seconds{${where}}`), legend: 'half of them' },
            { expr: quantile(0.95, `rtc_operator_reconcile_seconds{${where}}`), legend: '95 %' },
          ],
        },
        {
          ...{ id: 7, kind: 'timeseries', title: 'Wait in the queue', unit: 's' },
          description: 'How long a change waited for a worker. Seconds: too much changes at once.',
          queries: [{ expr: quantile(0.95, `rtc_operator_queue_wait_seconds{${where}}`), legend: '95 %' }],
        },
        {
          ...{ id: 8, kind: 'timeseries', title: 'Queue', unit: 'none' },
          description:
            'Keys by state. waiting: their next look is later. failing: tried again with a growing delay.',
          queries: [{ expr: `sum by (state) (rtc_operator_queue_keys{${where}})`, legend: '{{state}}' }],
        },
      ],
    },
    {
      title: 'API server',
      panels: [
        {
          ...{ id: 9, kind: 'timeseries', title: 'Requests', unit: 'reqps' },
          description: 'By verb. In rest there are next to none.',
          queries: [
            {
              expr: `sum by (verb) (rate(rtc_operator_api_requests_total{${where}}[$__rate_interval]))`,
              legend: '{{verb}}',
            },
          ],
        },
        {
          ...{ id: 10, kind: 'timeseries', title: 'Requests that were refused', unit: 'reqps' },
          description:
            '403: rights are missing. 409: somebody else wrote first. 429: the API server is busy.',
          queries: [
            {
              expr: orNone(
                `sum by (kind, code) (rate(rtc_operator_api_requests_total{${where}, code!~"2.."}[$__rate_interval]))`,
                'code',
              ),
              legend: '{{kind}} {{code}}',
            },
          ],
        },
        {
          ...{ id: 11, kind: 'timeseries', title: 'Time to the answer', unit: 's' },
          description: '95 % of the requests, by verb.',
          queries: [
            {
              expr: quantile(0.95, `rtc_operator_api_request_seconds{${where}}`, ['verb']),
              legend: '{{verb}}',
            },
          ],
        },
        {
          ...{ id: 12, kind: 'timeseries', title: 'Silence by kind', unit: 's', badFrom: 300 },
          description: 'Time since the API server last told anything about a kind.',
          queries: [
            {
              expr: `max by (kind) (rtc_operator_watch_last_event_age_seconds{${where}})`,
              legend: '{{kind}}',
            },
          ],
        },
        {
          ...{ id: 13, kind: 'timeseries', title: 'Full lists', unit: 'none' },
          description: 'Since the start, by reason: one of each kind at the start, few after it.',
          queries: [{ expr: `sum by (reason) (rtc_operator_relists_total{${where}})`, legend: '{{reason}}' }],
        },
        {
          ...{ id: 14, kind: 'timeseries', title: 'Watches that ended', unit: 'none' },
          description: 'Since the start, by reason. API servers end one after some minutes.',
          queries: [
            {
              expr: orNone(`sum by (reason) (rtc_operator_watch_ends_total{${where}})`, 'reason'),
              legend: '{{reason}}',
            },
          ],
        },
        {
          ...{ id: 15, kind: 'timeseries', title: 'Objects in memory', unit: 'none' },
          description: 'By kind, of the replica that has most.',
          queries: [{ expr: `max by (kind) (rtc_operator_cached_objects{${where}})`, legend: '{{kind}}' }],
        },
      ],
    },
  ],
  exemptions: [],
};
