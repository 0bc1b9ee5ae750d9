import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from '../../../charts/monitoring/dashboards.ts';
import { panelsOf } from '../../../charts/monitoring/definition.ts';
import { dashboardJson } from '../../../charts/monitoring/grafana.ts';
import { metricLabels, metricsIn, strangeLabels } from './metricNames.ts';
import { queriesOf, rules, shown, type DashboardJson } from './linter.ts';

const folder = join(import.meta.dirname, '../../../charts/rtc-operator/dashboards');
describe.each(Object.entries(dashboards))('the dashboard %s', (name, definition) => {
  const text = dashboardJson(definition);
  const json = JSON.parse(text) as DashboardJson;

  test('is in the chart as it is defined, and fits into a ConfigMap', () => {
    expect(readFileSync(join(folder, `${name}.json`), 'utf8')).toBe(text);
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  });

  test.each(Object.entries(rules))("keeps the linter's rule %s, or says why not", (rule, complaints) => {
    const exemption = definition.exemptions.find((one) => one.rule === rule);
    if (exemption === undefined) expect(complaints(json)).toEqual([]);
    else expect(complaints(json)).not.toEqual([]);
  });

  test('has panels whose ids and titles are their own, beside those of rows', () => {
    const ids = json.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const titles = panelsOf(definition).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(shown(json).map(({ id }) => id)).toEqual(panelsOf(definition).map(({ id }) => id));
  });

  test('has panels that do not lie upon each other, in the width that there is', () => {
    const taken = json.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect([title, x + w <= 24]).toEqual([title, true]);
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('asks for metrics that are there', () => {
    const asked = queriesOf(json).flatMap(({ expr }) => metricsIn(expr));
    expect(asked.filter((metric) => !metricLabels.has(metric))).toEqual([]);
  });

  test('chooses, sums and names by labels that these metrics have', () => {
    const queries = panelsOf(definition).flatMap((panel) => panel.queries);
    expect(queries.flatMap(({ expr, legend }) => strangeLabels(expr, legend))).toEqual([]);
    expect(definition.marks.flatMap(({ expr, title }) => strangeLabels(expr, title))).toEqual([]);
  });

  test('has a short uid that stays, and queries that are told apart by refId', () => {
    expect(definition.uid).toMatch(/^rtc-[a-z]{1,36}$/);
    for (const { targets = [] } of shown(json))
      expect(targets.map(({ refId }) => refId)).toEqual(['A', 'B', 'C'].slice(0, targets.length));
  });
});

test('a label that a metric does not have is found, wherever it stands', () => {
  expect(strangeLabels('sum by (pods) (rtc_pod_sessions{node_name="a"})', '{{who}}')).toEqual([
    'node_name',
    'pods',
    'who',
  ]);
});

test('the imitated linter finds what is wrong', () => {
  const [definition] = Object.values(dashboards);
  const json = JSON.parse(dashboardJson(definition!)) as DashboardJson;
  const targets = [
    { refId: 'A', expr: 'rate(x{a="b"}[5m])', datasource: { type: 'prometheus', uid: 'mine' } },
  ];
  const wrong = {
    ...json,
    editable: true,
    templating: { list: json.templating.list.slice(1).map((variable) => ({ ...variable, refresh: 1 })) },
    panels: [{ ...shown(json)[0]!, title: 'wrong', description: '', fieldConfig: { defaults: {} }, targets }],
  };
  const silent = Object.entries(rules).filter(([, complaints]) => complaints(wrong).length === 0);
  expect(silent.map(([rule]) => rule)).toEqual(['template-job', 'template-label-promql', 'panel-no-targets']);
});
