/** `rtcd_process_*`: this process and its media workers together, and how well the event loop keeps up. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import { childUse, descriptors, mainStackBytes, ownUse, type ProcessUse } from './processes.ts';

const sum = (of: (use: ProcessUse) => number): number =>
  [ownUse(), ...childUse().values()].reduce((total, use) => total + of(use), 0);

/** Read at each scrape. Names are those of Prometheus' own clients behind rtcd's prefix. */
const readings: readonly { readonly name: string; readonly help: string; readonly read: () => number }[] = [
  {
    name: 'rtcd_process_resident_memory_bytes',
    help: 'Resident memory of the server and its media workers.',
    read: () => sum(({ residentBytes }) => residentBytes),
  },
  {
    name: 'rtcd_process_virtual_memory_bytes',
    help: 'Virtual memory of the server and its media workers.',
    read: () => sum(({ virtualBytes }) => virtualBytes),
  },
  { name: 'rtcd_process_virtual_memory_max_bytes', help: 'No limit is set.', read: () => -1 },
  { name: 'rtcd_process_open_fds', help: 'Open file descriptors.', read: () => descriptors().open },
  { name: 'rtcd_process_max_fds', help: 'File descriptors that may be open.', read: () => descriptors().max },
  // Go's names, for the panels of rtcd's dashboards; each is the nearest thing that Node has.
  {
    name: 'go_memstats_heap_inuse_bytes',
    help: "JavaScript heap in use (there is no Go here; for rtcd's dashboards).",
    read: () => process.memoryUsage().heapUsed,
  },
  {
    name: 'go_memstats_stack_inuse_bytes',
    help: "Stack of the main thread (there is no Go here; for rtcd's dashboards).",
    read: mainStackBytes,
  },
  {
    name: 'go_goroutines',
    help: "Sockets, timers and requests that are being waited for (there is no Go here; for rtcd's dashboards).",
    read: () => process.getActiveResourcesInfo().length,
  },
];

/** Adds the readings; returns what stops the measuring of the event loop. */
export function addProcessMetrics(registry: Registry): () => void {
  const startSeconds = Date.now() / 1000 - process.uptime();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const all = [
    ...readings,
    { name: 'rtcd_process_start_time_seconds', help: 'Start, in Unix time.', read: () => startSeconds },
    {
      name: 'rtc_sfu_event_loop_delay_p99_seconds',
      help: 'Delay of the event loop since the last scrape, 99th percentile.',
      read: () => {
        const p99Seconds = delay.percentile(99) / 1e9;
        delay.reset();
        return p99Seconds;
      },
    },
  ];
  registry.registerMetric(
    new Counter({
      name: 'rtcd_process_cpu_seconds_total',
      help: 'CPU time of the server and its media workers.',
      registers: [],
      collect() {
        this.reset();
        this.inc(sum(({ cpuMs }) => cpuMs) / 1000);
      },
    }),
  );
  for (const { name, help, read } of all)
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  return () => void delay.disable();
}
