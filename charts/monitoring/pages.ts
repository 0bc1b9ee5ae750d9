/** Pure: what the documentation says of dashboards, alerts and the operator's metrics, as tables. */
import { type FleetCounter, fleetCounters } from '../../operator/ops/fleet/counters.ts';
import { type FleetGauge, fleetGauges } from '../../operator/ops/fleet/gauges.ts';
import { clusterLabels } from '../../operator/ops/fleet/report.ts';
import { type MetricDefinition, metricTable } from '../../operator/ops/metrics.ts';
import type { AlertDefinition, AlertGroup } from './alerts/definition.ts';
import type { DashboardDefinition } from './definition.ts';

/** The table of all runbooks, for docs/runbooks/README.md. */
export function runbookTable(groups: readonly AlertGroup[]): string {
  const rows = groups.flatMap(({ alerts }) => alerts).map(runbookRow);
  return ['| alert | severity | after | says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function runbookRow({ name, severity, for: after, summary }: AlertDefinition): string {
  return `| [${name}](${name}.md) | ${severity} | ${after} | ${summary.replace(/\{\{.*?\}\}/g, '…')} |`;
}

/** What each dashboard answers, and its rows of panels. */
export function dashboardTable(dashboards: readonly DashboardDefinition[]): string {
  const rows = dashboards.map(
    ({ title, description, rows }) =>
      `| ${title} | ${description} | ${rows.map((row) => row.title).join(' · ')} |`,
  );
  return ['| dashboard | answers | rows |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Every metric of the operator but those about TurnServers. */
export function operatorMetricsTable(): string {
  const own = Object.entries<MetricDefinition>(metricTable).map(([name, row]) => ({ name, ...row }));
  const gauges = Object.entries<FleetGauge>(fleetGauges).map(([name, { help, labels }]) => ({
    ...{ name, help, type: 'gauge', labels: [...clusterLabels, ...labels] },
  }));
  const counters = Object.entries<FleetCounter>(fleetCounters).map(([name, { help, labels, buckets }]) => ({
    ...{ name, help, labels: [...clusterLabels, ...labels] },
    type: buckets === undefined ? 'counter' : 'histogram',
  }));
  const rows = [...own, ...gauges, ...counters]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, help }) => {
      const named = labels.map((label) => `\`${label}\``).join(' ');
      return `| \`${name}\` | ${type} | ${named} | ${help} |`;
    });
  return ['| name | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page with the part between `<!-- name -->` and `<!-- /name -->` replaced. Throws when it has no such part. */
export function withPart(page: string, name: string, text: string): string {
  const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*(<!-- /${name} -->)`);
  if (!marks.test(page)) throw new Error(`the page has no part <!-- ${name} -->`);
  return page.replace(marks, (_, start: string, end: string) => `${start}${text}\n${end}`);
}
