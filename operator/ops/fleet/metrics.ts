/** The tables about fleets → Prometheus metrics. Keeps the last report of each cluster. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type FleetCounter, fleetCounters } from './counters.ts';
import { type FleetGauge, fleetGauges } from './gauges.ts';
import {
  clusterLabels,
  clusterOf,
  withoutRest,
  type FleetReport,
  type RefusedReport,
  type Sample,
} from './report.ts';

/** Where reconciles report to. */
export interface FleetMetrics {
  report(report: FleetReport): void;
  /** Nothing can be decided about it now: the rest is as it was reported last. */
  refuse(report: RefusedReport): void;
  /** The cluster is gone, and so are its gauges; `key` is `namespace/name`. */
  forget(key: string): void;
}

/** Every row of both tables, in this registry. */
export function createFleetMetrics(registry: Registry): FleetMetrics {
  const reports = new Map<string, FleetReport>();
  /** Those of which nothing else was ever reported. */
  const refused = new Map<string, RefusedReport>();
  for (const [name, gauge] of Object.entries<FleetGauge>(fleetGauges))
    addGauge({ name, registry }, gauge, { reports, refused });
  const counters = Object.entries<FleetCounter>(fleetCounters).map(([name, row]) =>
    addCounter({ name, registry }, row),
  );
  return {
    report(report) {
      const key = keyOf(report);
      const before = reports.get(key);
      reports.set(key, withoutRest(report));
      refused.delete(key);
      for (const count of counters) count(before, report);
    },
    refuse(report) {
      const key = keyOf(report);
      const before = reports.get(key);
      if (before === undefined) refused.set(key, report);
      else reports.set(key, { ...before, status: { ...before.status, ...report.status } });
    },
    forget(key) {
      reports.delete(key);
      refused.delete(key);
    },
  };
}

function keyOf({ cluster: { metadata } }: RefusedReport): string {
  return `${metadata.namespace}/${metadata.name}`;
}

interface Known {
  readonly reports: ReadonlyMap<string, FleetReport>;
  readonly refused: ReadonlyMap<string, RefusedReport>;
}

interface Place {
  readonly name: string;
  readonly registry: Registry;
}

function addGauge(
  { name, registry }: Place,
  { help, labels, read, readRefused }: FleetGauge,
  { reports, refused }: Known,
): void {
  new Gauge({
    ...{ name, help, labelNames: [...clusterLabels, ...labels], registers: [registry] },
    collect() {
      this.reset();
      const set = (report: RefusedReport, samples: readonly Sample[]): void => {
        for (const { labels: own, value } of samples) this.set({ ...clusterOf(report), ...own }, value);
      };
      for (const report of reports.values()) set(report, read(report));
      for (const report of refused.values()) set(report, readRefused?.(report) ?? []);
    },
  });
}

function addCounter(
  { name, registry }: Place,
  { help, labels, buckets, startsWith = [], read }: FleetCounter,
): (before: FleetReport | undefined, now: FleetReport) => void {
  const take = taker(
    { name, help, labelNames: [...clusterLabels, ...labels], registers: [registry] },
    buckets,
  );
  return (before, now) => {
    const happened =
      before === undefined ? startsWith.map((own) => ({ labels: own, value: 0 })) : read(before, now);
    for (const { labels: own, value } of happened) take({ ...clusterOf(now), ...own }, value);
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
