/** The series of `/metrics` about the process itself. */
import type { MetricRow } from './metricsTable.ts';

/** What is read off the process at each scrape; Go's names say the nearest thing that Node has. */
export const processTable = {
  cpu: {
    type: 'counter',
    name: 'rtcd_process_cpu_seconds_total',
    help: 'CPU time of the server and its media workers.',
    labels: [],
  },
  residentMemory: {
    type: 'gauge',
    name: 'rtcd_process_resident_memory_bytes',
    help: 'Resident memory of the server and its media workers.',
    labels: [],
  },
  virtualMemory: {
    type: 'gauge',
    name: 'rtcd_process_virtual_memory_bytes',
    help: 'Virtual memory of the server and its media workers.',
    labels: [],
  },
  virtualMemoryMax: {
    type: 'gauge',
    name: 'rtcd_process_virtual_memory_max_bytes',
    help: 'No limit is set: -1.',
    labels: [],
  },
  openDescriptors: {
    type: 'gauge',
    name: 'rtcd_process_open_fds',
    help: 'Open file descriptors of the server; a media worker has its own.',
    labels: [],
  },
  maxDescriptors: {
    type: 'gauge',
    name: 'rtcd_process_max_fds',
    help: 'File descriptors that may be open.',
    labels: [],
  },
  startTime: {
    type: 'gauge',
    name: 'rtcd_process_start_time_seconds',
    help: 'Start, in Unix time.',
    labels: [],
  },
  heap: {
    type: 'gauge',
    name: 'go_memstats_heap_inuse_bytes',
    help: "JavaScript heap in use (there is no Go here; for rtcd's dashboards).",
    labels: [],
  },
  stack: {
    type: 'gauge',
    name: 'go_memstats_stack_inuse_bytes',
    help: "Stack of the main thread (there is no Go here; for rtcd's dashboards).",
    labels: [],
  },
  goroutines: {
    type: 'gauge',
    name: 'go_goroutines',
    help: "Sockets, timers and requests that are being waited for (there is no Go here; for rtcd's dashboards).",
    labels: [],
  },
  eventLoopDelay: {
    type: 'gauge',
    name: 'rtc_sfu_event_loop_delay_p99_seconds',
    help: 'Delay of the event loop since the last scrape, 99th percentile.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricRow>>;
