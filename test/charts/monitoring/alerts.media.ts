/** Every alert in Prometheus' own unit tests: when it fires and with what words, and when not. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertDefinition } from '../../../charts/monitoring/alerts/definition.ts';
import { alerts } from '../../../charts/monitoring/alerts/groups.ts';
import { runbookUrl } from '../../../charts/monitoring/rules.ts';
import { documentedConfig } from './documentedConfig.ts';
import { fleetAlertCases } from './fleetAlertCases.ts';
import { alertProblem, promtool } from './promtool.ts';
import { turnAlertCases } from './turnAlertCases.ts';

const alertCases = { ...fleetAlertCases, ...turnAlertCases };

const rules = readFileSync(
  join(import.meta.dirname, '../../../charts/rtc-operator/rules/alerts.yaml'),
  'utf8',
);

test("promtool's check finds nothing in the rules file", async () => {
  const { isContent, said } = await promtool({ 'alerts.yaml': rules }, 'check', 'rules', 'alerts.yaml');
  expect([isContent, said]).toEqual([true, expect.stringContaining(`${alerts.length} rules found`)]);
}, 90_000);

test("promtool's check finds nothing in the configuration that the documentation shows, its discovery left out", async () => {
  const config = documentedConfig([], 'metricsKey');
  const files = { 'alerts.yaml': rules, metricsKey: 'key', 'prometheus.yml': JSON.stringify(config) };
  const { isContent, said } = await promtool(files, 'check', 'config', 'prometheus.yml');
  expect([isContent, said]).toEqual([true, expect.stringContaining('SUCCESS')]);
}, 90_000);

/** Descriptions hold labels only. */
const descriptionOf = ({ description }: AlertDefinition, labels: Readonly<Record<string, string>>): string =>
  description.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');

describe.each(alerts.map((alert) => [alert.name, alert] as const))('%s', (name, alert) => {
  const { fires: first, firesToo, isSilent } = alertCases[name]!;

  test.each(Object.entries({ first, ...firesToo }))(
    'fires, with its words and its runbook: %s',
    async (_, fires) => {
      const annotations = {
        summary: fires.summary,
        description: descriptionOf(alert, fires.labels),
        runbook_url: runbookUrl(alert),
      };
      const expected = [{ labels: { ...fires.labels, severity: alert.severity }, annotations }];
      expect(await alertProblem({ alert: name, ...fires, expected })).toBeUndefined();
    },
  );

  test.each(Object.entries(isSilent))('is silent %s', async (_, situation) => {
    expect(await alertProblem({ alert: name, ...situation, expected: [] })).toBeUndefined();
  });
});

test('RTCOperatorWithoutLeader fires also when no operator is scraped at all', async () => {
  const alert = alerts.find(({ name }) => name === 'RTCOperatorWithoutLeader')!;
  const { description } = alert;
  const summary = 'No RTC operator leads';
  const expected = [
    {
      labels: { severity: alert.severity },
      annotations: { summary, description, runbook_url: runbookUrl(alert) },
    },
  ];
  const series = { 'something_else{}': '1x20' };
  expect(await alertProblem({ alert: alert.name, series, at: '6m', expected })).toBeUndefined();
});
