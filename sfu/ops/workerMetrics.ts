/** Series of each media worker. */
import { Counter, Gauge, type Registry } from 'prom-client';

import type { WorkerStatus } from '../media/port.ts';
import { type MetricRow, metricsTable } from './metricsTable.ts';

type Reading = readonly [MetricRow, (status: WorkerStatus) => number];

const readings: readonly Reading[] = [
  [metricsTable.workerUp, ({ trouble }) => (trouble === undefined ? 1 : 0)],
  [metricsTable.workerLoad, ({ load }) => load],
  [metricsTable.workerDelay, ({ delaySeconds }) => delaySeconds],
  [metricsTable.workerSessions, ({ sessions }) => sessions],
  [metricsTable.workerPipes, ({ pipes }) => pipes],
  [metricsTable.workerCpu, ({ cpuMs }) => cpuMs / 1000],
  [metricsTable.workerDeaths, ({ deaths }) => deaths],
];

/** Adds the series; what is returned sets them, at each scrape. */
export function workerMetrics(registry: Registry): (workers: readonly WorkerStatus[]) => void {
  const setters = readings.map(([row, read]) => {
    const options = { name: row.name, help: row.help, labelNames: [...row.labels], registers: [registry] };
    const set = row.type === 'counter' ? counting(new Counter(options)) : setting(new Gauge(options));
    return (workers: readonly WorkerStatus[]): void =>
      workers.forEach((status, index) => set(String(index), read(status)));
  });
  return (workers) => {
    for (const set of setters) set(workers);
  };
}

type Set = (worker: string, value: number) => void;

function setting(gauge: Gauge): Set {
  return (worker, value) => gauge.set({ worker }, value);
}

/** The value comes as a total; where it is lower than before, the worker was started again. */
function counting(counter: Counter): Set {
  return (worker, value) => {
    counter.remove({ worker });
    counter.inc({ worker }, value);
  };
}
