/** `rtcd_process_*`: this process and its media workers together, and how well the event loop keeps up. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { EventLoopMonitor } from './eventLoop.ts';
import type { MetricRow } from './metricsTable.ts';
import { processTable } from './processTable.ts';
import { childUse, descriptors, mainStackBytes, ownUse, type ProcessUse } from './processes.ts';

const sum = (of: (use: ProcessUse) => number): number =>
  [ownUse(), ...childUse().values()].reduce((total, use) => total + of(use), 0);

/** Adds the readings, taken at each scrape; returns what measures the event loop, and is to be stopped. */
export function addProcessMetrics(registry: Registry): EventLoopMonitor {
  const startSeconds = Date.now() / 1000 - process.uptime();
  const eventLoop = new EventLoopMonitor();
  const readings: { readonly [name in keyof typeof processTable]: () => number } = {
    cpu: () => sum(({ cpuMs }) => cpuMs) / 1000,
    residentMemory: () => sum(({ residentBytes }) => residentBytes),
    virtualMemory: () => sum(({ virtualBytes }) => virtualBytes),
    virtualMemoryMax: () => -1,
    openDescriptors: () => descriptors().open,
    maxDescriptors: () => descriptors().max,
    startTime: () => startSeconds,
    heap: () => process.memoryUsage().heapUsed,
    stack: mainStackBytes,
    goroutines: () => process.getActiveResourcesInfo().length,
    eventLoopDelay: () => eventLoop.takeSeconds(),
  };
  for (const [name, row] of Object.entries(processTable))
    add(registry, row, readings[name as keyof typeof processTable]);
  return eventLoop;
}

function add(registry: Registry, { type, name, help }: MetricRow, read: () => number): void {
  if (type === 'counter')
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(read());
        },
      }),
    );
  else
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
}
