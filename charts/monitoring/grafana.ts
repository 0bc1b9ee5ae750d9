/** Pure: a dashboard's definition → the JSON that Grafana reads, by Grafana's own builders. */
/* eslint-disable @typescript-eslint/no-deprecated -- their second schema is for Grafana 13 alone; sidecars provision the first one, which every Grafana reads */
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardDefinition, PanelDefinition, Query } from './definition.ts';

/** Chosen in the first variable: the name of no installation is in the JSON. */
const source = { type: 'prometheus', uid: '${datasource}' };
/** Labels that every scraped series has; a series without one of the others is to be shown, too. */
const always = new Set(['job', 'instance']);
const all = { selected: true, text: 'All', value: '$__all' };
/** Rows are panels, too: their ids are far above those of panels. */
const firstRowId = 1_000;
const sizes = {
  stat: { span: 4, height: 4 },
  gauge: { span: 4, height: 4 },
  timeseries: { span: 12, height: 8 },
};
const ok = 'green';
const bad = 'red';

/** The dashboard as an object that only has to be written. Ids and refIds are the same at each run. */
export function grafanaDashboard(definition: DashboardDefinition): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(definition.title)
    .uid(definition.uid)
    .description(definition.description)
    .tags(['rtc-operator'])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .withVariable(datasourceVariable())
    .link(
      new dashboard.DashboardLinkBuilder('RTC')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['rtc-operator'])
        .asDropdown(true)
        .keepTime(true),
    );
  for (const variable of definition.variables) builder.withVariable(variableOf(variable));
  for (const mark of definition.marks) builder.annotation(annotationOf(mark));
  definition.rows.forEach(({ title, panels }, index) => {
    builder.withRow(new dashboard.RowBuilder(title).id(firstRowId + index));
    for (const panel of panels) builder.withPanel(panelOf(panel));
  });
  return builder.build();
}

/** The same as a file. */
export function dashboardJson(definition: DashboardDefinition): string {
  return `${JSON.stringify(grafanaDashboard(definition), null, 2)}\n`;
}

function datasourceVariable(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

function variableOf({
  name,
  label,
  values,
}: DashboardDefinition['variables'][number]): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(source)
    .query(values)
    .definition(values)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(always.has(name) ? '.+' : '.*')
    .current(all);
}

function annotationOf({
  name,
  expr,
  title,
}: DashboardDefinition['marks'][number]): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .iconColor('blue')
    .expr(expr)
    .titleFormat(title);
}

type PanelBuilder = Parameters<dashboard.DashboardBuilder['withPanel']>[0];

function panelOf(panel: PanelDefinition): PanelBuilder {
  if (panel.kind === 'timeseries') return timeSeries(panel);
  return panel.kind === 'gauge' ? gaugeOf(panel) : statOf(panel);
}

function timeSeries(panel: PanelDefinition): PanelBuilder {
  const { span, height } = sizes.timeseries;
  const builder = new timeseries.PanelBuilder()
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .datasource(source)
    .unit(panel.unit)
    .min(panel.queries.some(({ expr }) => expr.includes('condition')) ? -1 : 0)
    .span(span)
    .height(height)
    .targets(panel.queries.map(targetOf))
    .thresholds(thresholdsOf(panel))
    .fillOpacity(panel.isStacked === true ? 40 : 10)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi));
  if (panel.isStacked === true)
    builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (panel.badFrom !== undefined)
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  return builder;
}

function statOf(panel: PanelDefinition): PanelBuilder {
  const { span, height } = sizes.stat;
  return new stat.PanelBuilder()
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .datasource(source)
    .unit(panel.unit)
    .span(span)
    .height(height)
    .targets(panel.queries.map(targetOf))
    .thresholds(thresholdsOf(panel))
    .graphMode(common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(lastValue());
}

function gaugeOf(panel: PanelDefinition): PanelBuilder {
  const { span, height } = sizes.gauge;
  return new gauge.PanelBuilder()
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .datasource(source)
    .unit(panel.unit)
    .min(0)
    .max(1)
    .span(span)
    .height(height)
    .targets(panel.queries.map(targetOf))
    .thresholds(thresholdsOf(panel))
    .reduceOptions(lastValue());
}

function lastValue(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
}

function targetOf({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(source)
    .expr(expr)
    .legendFormat(legend)
    .range();
}

/** The first step has no value: it is what everything below the next one looks like. */
function thresholdsOf({ badFrom, isBadBelow }: PanelDefinition): dashboard.ThresholdsConfigBuilder {
  const [first, next] = isBadBelow === true ? [bad, ok] : [ok, bad];
  const steps = badFrom === undefined ? [] : [{ value: badFrom, color: next }];
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...steps]);
}
