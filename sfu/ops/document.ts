/** Pure: the tables of metrics as a page for people. */
import { metricsTable, type MetricRow } from './metricsTable.ts';
import { processTable } from './processTable.ts';

/** `docs/metrics.md`. */
export function metricsPage(): string {
  const rows: readonly MetricRow[] = [...Object.values(metricsTable), ...Object.values(processTable)];
  const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '# Metrics of the SFU',
    '',
    "`GET /metrics`, in Prometheus' text format, without credentials as in rtcd. Names in `rtcd_` and `go_` are rtcd's, so",
    'that its dashboards have data; `groupID`, `clientID` and `client_id` are all the client that authenticated.',
    'Written by `node sfu/generate.ts` from `sfu/ops/metricsTable.ts` and `sfu/ops/processTable.ts`.',
    '',
    '| name | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...sorted.map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help} |`,
    ),
    '',
  ].join('\n');
}
