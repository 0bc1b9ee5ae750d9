/** Writes what follows from the definitions of dashboards and alerts: into the chart, and into the documentation. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alertGroups } from './alerts/groups.ts';
import { dashboards } from './dashboards.ts';
import { dashboardJson } from './grafana.ts';
import { dashboardTable, operatorMetricsTable, runbookTable, withPart } from './pages.ts';
import { rulesFile } from './rules.ts';

const chart = join(import.meta.dirname, '../rtc-operator');
const docs = join(import.meta.dirname, '../../docs');
const head = '# Generated from charts/monitoring/alerts by `npm run generate`. Do not edit.\n';

/** See the file comment. */
export async function writeMonitoring(): Promise<void> {
  await mkdir(join(chart, 'dashboards'), { recursive: true });
  for (const [name, definition] of Object.entries(dashboards))
    await writeFile(join(chart, 'dashboards', `${name}.json`), dashboardJson(definition));
  await mkdir(join(chart, 'rules'), { recursive: true });
  await writeFile(join(chart, 'rules/alerts.yaml'), head + rulesFile(alertGroups));
  await rewrite('runbooks/README.md', { alerts: runbookTable(alertGroups) });
  await rewrite('monitoring.md', {
    dashboards: dashboardTable(Object.values(dashboards)),
    'operator metrics': operatorMetricsTable(),
  });
}

async function rewrite(name: string, parts: Readonly<Record<string, string>>): Promise<void> {
  const file = join(docs, name);
  const page = await readFile(file, 'utf8');
  const written = Object.entries(parts).reduce((text, [part, inside]) => withPart(text, part, inside), page);
  await writeFile(file, written);
}
