/** Pictures of the dashboards in a run, for the documentation: `EVIDENCE=write`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dashboards } from '../../../charts/monitoring/dashboards.ts';
import { panelsOf, type DashboardDefinition, type Query } from '../../../charts/monitoring/definition.ts';
import { dashboardJson } from '../../../charts/monitoring/grafana.ts';
import { pictureOf, type Drawing } from '../../../charts/monitoring/picture/picture.ts';
import type { Line } from '../../../charts/monitoring/picture/plot.ts';
import { eventually } from '../../support/eventually.ts';
import type { Prometheus, Range } from '../../sfu/prometheus.ts';
import { asked } from './asked.ts';
import { shown, type DashboardJson } from './linter.ts';

const folder = join(import.meta.dirname, '../../../docs/pictures');

/** What was real in the run, and what was not, by dashboard. */
const ran: Readonly<Record<string, string>> = {
  fleet: 'A real operator at a real API server; nodes and SFU pods are stand-ins.',
  sfu: 'A real SFU in calls without browsers.',
  turn: 'A real operator at a real API server; coturns and their exporter are stand-ins.',
  operator: 'A real operator at a real API server.',
};

/** So that a run is long enough to look at. */
const shownSeconds = 120;

/** With `EVIDENCE=write` draws what was since `begun`, seconds since the epoch; otherwise a run leaves the checkout alone. */
export async function keepPictures(prometheus: Prometheus, begun: number): Promise<void> {
  if (process.env['EVIDENCE'] !== 'write') return;
  const leftSeconds = (): number => begun + shownSeconds - Date.now() / 1000;
  await eventually(() => (leftSeconds() > 0 ? `${leftSeconds()} s to look at` : undefined), {
    ...{ timeoutMs: shownSeconds * 1000, intervalMs: 1000 },
  });
  await drawPictures(prometheus, { start: begun, end: Math.floor(Date.now() / 1000), step: 2 });
}

/** Writes `docs/pictures/dashboard-<name>.svg` for each. */
async function drawPictures(prometheus: Prometheus, range: Range): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, definition] of Object.entries(dashboards))
    await writeFile(
      join(folder, `dashboard-${name}.svg`),
      pictureOf(await drawingOf(prometheus, { definition, range, ran: ran[name] ?? '' })),
    );
}

interface Wanted {
  readonly definition: DashboardDefinition;
  readonly range: Range;
  readonly ran: string;
}

async function drawingOf(prometheus: Prometheus, { definition, range, ran }: Wanted): Promise<Drawing> {
  const json = JSON.parse(dashboardJson(definition)) as DashboardJson;
  const lines = new Map<number, readonly Line[]>();
  for (const { id, queries } of panelsOf(definition)) {
    const found = await Promise.all(queries.map((query) => linesOf(prometheus, query, range)));
    lines.set(id, found.flat());
  }
  return {
    ...{ definition, lines, ran, from: range.start, to: range.end },
    places: new Map(shown(json).map(({ id, gridPos }) => [id, gridPos])),
    heads: json.panels
      .filter(({ type }) => type === 'row')
      .map(({ title, gridPos }) => ({ title, y: gridPos.y })),
  };
}

async function linesOf(prometheus: Prometheus, { expr, legend }: Query, range: Range): Promise<Line[]> {
  const series = await prometheus.queryRange(asked(expr), range);
  return series.map(({ metric, values }) => ({
    label: legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim(),
    points: withGaps(values, range.step),
  }));
}

/** Where Prometheus left times out there is no line. */
function withGaps(values: Line['points'], step: number): Line['points'] {
  return values.flatMap(([time, value], index) => {
    const before = values[index - 1]?.[0] ?? time;
    const point = [time, value] as const;
    return time - before > step * 1.5 ? [[time - step, Number.NaN] as const, point] : [point];
  });
}
