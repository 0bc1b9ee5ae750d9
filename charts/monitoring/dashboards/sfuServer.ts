/** Rows of the dashboard *SFU* about what carries the calls: media workers and the process. */
import { orNone, type DashboardDefinition } from '../definition.ts';
import { rateOf, where } from './sfuScope.ts';

/** See the file comment. */
export const sfuServerRows: DashboardDefinition['rows'] = [
  {
    title: 'Media workers',
    panels: [
      {
        ...{ id: 22, kind: 'timeseries', title: 'Load of the workers', unit: 'percentunit', badFrom: 0.9 },
        description: 'A worker is one core. New calls go to the least loaded.',
        queries: [{ expr: `rtc_sfu_worker_load{${where}}`, legend: '{{instance}} {{worker}}' }],
      },
      {
        ...{ id: 23, kind: 'timeseries', title: 'Delay in the workers', unit: 's' },
        description: 'How long the last thing asked of a worker waited: packets wait in the same line.',
        queries: [{ expr: `rtc_sfu_worker_delay_seconds{${where}}`, legend: '{{instance}} {{worker}}' }],
      },
      {
        ...{ id: 24, kind: 'timeseries', title: 'Sessions on the workers', unit: 'none' },
        description: 'And tracks that come from other workers, because a call spans them.',
        queries: [
          { expr: `rtc_sfu_worker_sessions{${where}}`, legend: '{{instance}} {{worker}} sessions' },
          { expr: `rtc_sfu_worker_pipes{${where}}`, legend: '{{instance}} {{worker}} tracks of others' },
        ],
      },
      {
        ...{ id: 25, kind: 'timeseries', title: 'Workers that died', unit: 'none', badFrom: 1 },
        description: 'Since the SFU started. Each death ended the sessions on that worker.',
        queries: [
          {
            expr: orNone(`sum by (worker) (rtc_sfu_worker_deaths_total{${where}})`, 'worker'),
            legend: '{{worker}}',
          },
        ],
      },
    ],
  },
  {
    title: 'The process',
    panels: [
      {
        ...{ id: 26, kind: 'timeseries', title: 'Processor', unit: 'none' },
        description: 'Cores in use, media workers included.',
        queries: [{ expr: rateOf('rtcd_process_cpu_seconds_total'), legend: '{{instance}}' }],
      },
      {
        ...{ id: 27, kind: 'timeseries', title: 'Memory', unit: 'bytes' },
        description: 'Resident, media workers included.',
        queries: [{ expr: `rtcd_process_resident_memory_bytes{${where}}`, legend: '{{instance}}' }],
      },
      {
        ...{ id: 28, kind: 'timeseries', title: 'Delay of the event loop', unit: 's' },
        description:
          '99 % of the time since the last scrape it was shorter. Signalling waits for it, media does not.',
        queries: [{ expr: `rtc_sfu_event_loop_delay_p99_seconds{${where}}`, legend: '{{instance}}' }],
      },
      {
        ...{ id: 29, kind: 'timeseries', title: 'File descriptors', unit: 'percentunit', badFrom: 0.8 },
        description: 'Share of those that may be open.',
        queries: [
          {
            expr: `rtcd_process_open_fds{${where}} / rtcd_process_max_fds{${where}}`,
            legend: '{{instance}}',
          },
        ],
      },
    ],
  },
];
