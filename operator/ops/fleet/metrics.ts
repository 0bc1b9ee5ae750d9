/** The tables about fleets → Prometheus metrics. Keeps the last report of each cluster. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type FleetCounter, fleetCounters } from './counters.ts';
import { type FleetGauge, fleetGauges } from './gauges.ts';
import { clusterLabels, clusterOf, withoutRest, type FleetReport } from './report.ts';

/** Where reconciles report to. */
export interface FleetMetrics {
  report(report: FleetReport): void;
  /** The cluster is gone, and so are its gauges; `key` is `namespace/name`. */
  forget(key: string): void;
}

/** Every row of both tables, in this registry. */
export function createFleetMetrics(registry: Registry): FleetMetrics {
  const reports = new Map<string, FleetReport>();
  for (const [name, gauge] of Object.entries<FleetGauge>(fleetGauges))
    addGauge({ name, registry }, gauge, () => [...reports.values()]);
  const counters = Object.entries<FleetCounter>(fleetCounters).map(([name, row]) =>
    addCounter({ name, registry }, row),
  );
  return {
    report(report) {
      const { namespace, name } = report.cluster.metadata;
      const before = reports.get(`${namespace}/${name}`);
      reports.set(`${namespace}/${name}`, withoutRest(report));
      if (before !== undefined) for (const count of counters) count(before, report);
    },
    forget: (key) => void reports.delete(key),
  };
}

interface Place {
  readonly name: string;
  readonly registry: Registry;
}

function addGauge(
  { name, registry }: Place,
  { help, labels, read }: FleetGauge,
  reports: () => readonly FleetReport[],
): void {
  new Gauge({
    ...{ name, help, labelNames: [...clusterLabels, ...labels], registers: [registry] },
    collect() {
      this.reset();
      for (const report of reports())
        for (const sample of read(report)) this.set({ ...clusterOf(report), ...sample.labels }, sample.value);
    },
  });
}

function addCounter(
  { name, registry }: Place,
  { help, labels, buckets, read }: FleetCounter,
): (before: FleetReport, now: FleetReport) => void {
  const take = taker(
    { name, help, labelNames: [...clusterLabels, ...labels], registers: [registry] },
    buckets,
  );
  return (before, now) => {
    for (const { labels: own, value } of read(before, now)) take({ ...clusterOf(now), ...own }, value);
  };
}

interface Options {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
}

function taker(
  options: Options,
  buckets: readonly number[] | undefined,
): (labels: Record<string, string>, value: number) => void {
  if (buckets === undefined) {
    const counter = new Counter(options);
    return (labels, value) => counter.inc(labels, value);
  }
  const histogram = new Histogram({ ...options, buckets: [...buckets] });
  return (labels, value) => histogram.observe(labels, value);
}
