/** Names of metrics and labels in PromQL, as far as our dashboards and rules write it. */
import { fleetCounters } from '../../../operator/ops/fleet/counters.ts';
import { fleetGauges } from '../../../operator/ops/fleet/gauges.ts';
import { clusterLabels } from '../../../operator/ops/fleet/report.ts';
import { metricTable } from '../../../operator/ops/metrics.ts';
import { turnGauges } from '../../../operator/ops/turn/metrics.ts';
import { metricsTable, type MetricRow } from '../../../sfu/ops/metricsTable.ts';
import { processTable } from '../../../sfu/ops/processTable.ts';

/** Of coturn's exporter, as far as we ask for them: as its sources name them, which have no `_total`. */
const coturnLabels: Readonly<Record<string, readonly string[]>> = {
  turn_total_allocations: ['type'],
  turn_total_traffic_rcvb: [],
  turn_total_traffic_sentb: [],
  turn_unauthenticated_401_requests: [],
  turn_unauthenticated_401_dropped_responses: [],
  turn_packet_processed: [],
  turn_packet_dropped: [],
};

/** What scraping adds: by Prometheus itself, and as the PodMonitors of the chart say. */
const targetLabels = ['job', 'instance', 'namespace', 'pod', 'node', 'cluster', 'turnserver'];

type Labelled = Readonly<Record<string, { readonly labels: readonly string[] }>>;

function labelsIn(table: Labelled, before: readonly string[] = []): (readonly [string, readonly string[]])[] {
  return Object.entries(table).map(([name, { labels }]) => [name, [...before, ...labels]] as const);
}

const sfuRows = [...Object.values<MetricRow>(metricsTable), ...Object.values<MetricRow>(processTable)];

/** Every metric that there is, with the labels of its own. */
export const metricLabels: ReadonlyMap<string, readonly string[]> = new Map([
  ...labelsIn(metricTable),
  ...labelsIn(fleetGauges, clusterLabels),
  ...labelsIn(fleetCounters, clusterLabels),
  ...labelsIn(turnGauges, ['namespace', 'turnserver']),
  ...sfuRows.map(({ name, labels }) => [name, labels] as const),
  ...Object.entries(coturnLabels),
]);

/** The metrics that an expression asks for, each once, without the suffixes of histograms. */
export function metricsIn(expr: string): string[] {
  const outside = expr.replace(/"[^"]*"/g, '""');
  const names = [...outside.matchAll(/\b(?:rtcd?|turn|go)_[a-z0-9_]+/g)].map(([name]) => plain(name));
  return [...new Set(names)];
}

function plain(name: string): string {
  return metricLabels.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '');
}

/** Labels that an expression, or a text about its result, speaks of and that no metric in it has. */
export function strangeLabels(expr: string, ...texts: readonly string[]): string[] {
  const bySelector = [...expr.matchAll(/\b([a-z0-9_]+)\{([^{}]*)\}/g)].flatMap(([, name = '', inside = '']) =>
    strange(labelNames(inside), metricLabels.get(plain(name)) ?? []),
  );
  const all = metricsIn(expr).flatMap((name) => metricLabels.get(name) ?? []);
  const grouped = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(/,\s*/),
  );
  const told = texts.flatMap((text) =>
    [...text.matchAll(/\{\{\s*(?!end\b)(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, one = '']) => one),
  );
  return [...bySelector, ...strange([...grouped, ...told], [...all, 'le'])];
}

function labelNames(inside: string): string[] {
  return [...inside.replace(/"[^"]*"/g, '""').matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(
    ([, name = '']) => name,
  );
}

function strange(names: readonly string[], own: readonly string[]): string[] {
  return names.filter((name) => !targetLabels.includes(name) && !own.includes(name));
}
