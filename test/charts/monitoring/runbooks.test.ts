/** Alerts and runbooks do not drift apart, and the plugin has the verbs that runbooks tell to type. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertGroups, alerts } from '../../../charts/monitoring/alerts/groups.ts';
import { runbookTable } from '../../../charts/monitoring/pages.ts';
import { createProgram } from '../../../operator/cli/program.ts';
import { metricLabels, metricsIn, strangeLabels } from './metricNames.ts';

const folder = join(import.meta.dirname, '../../../docs/runbooks');
const page = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');
const program = createProgram({ out: () => undefined, err: () => undefined } as never, () => undefined);

/** The verbs of the plugin, those of two words as well. */
const verbs = program.commands.flatMap((command) => [
  command.name(),
  ...command.commands.map((inner) => `${command.name()} ${inner.name()}`),
]);
/** What needs nodes, or a kind that only some clusters have. */
const others = /^kubectl (logs|describe (pods|certificates)|get certificates|auth can-i) /;

test('every alert has a runbook, and every runbook an alert', () => {
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');
  expect(pages.sort()).toEqual(alerts.map(({ name }) => `${name}.md`).sort());
});

test('the list of runbooks is the list of alerts', () => {
  expect(page('README')).toContain(runbookTable(alertGroups));
});

describe.each(alerts.map((alert) => [alert.name, alert] as const))('the runbook %s', (name, alert) => {
  const text = page(name);

  test('says what it is, what it does to people, how to look and what to do', () => {
    const heads = [...text.matchAll(/^##? (.+)$/gm)].map(([, head]) => head);
    expect(heads).toEqual([name, 'Meaning', 'Impact', 'Diagnosis', 'Mitigation']);
  });

  test('has the severity and the patience of its alert', () => {
    expect(text).toContain(`Severity **${alert.severity}**, after ${alert.for}.`);
  });

  test('is about an alert that asks for metrics and labels that are there', () => {
    expect(metricsIn(alert.expr).filter((metric) => !metricLabels.has(metric))).toEqual([]);
    expect(strangeLabels(alert.expr, alert.summary, alert.description)).toEqual([]);
  });

  test('names the metrics that the alert is made of', () => {
    expect(metricsIn(alert.expr).filter((metric) => !text.includes(`\`${metric}\``))).toEqual([]);
  });

  test('tells to type what kubectl and the plugin know', () => {
    const [, told = ''] = /<!-- by: test\/charts[^>]*-->\n```sh\n([\s\S]*?)```/.exec(text) ?? [];
    const lines = told.trim().split('\n');
    const unknown = lines.filter((line) => {
      const verb = /^kubectl rtc ([a-z]+(?: (?:undo|ack|status)\b)?)/.exec(line)?.[1];
      return verb === undefined ? !others.test(line) : !verbs.includes(verb);
    });
    expect(unknown).toEqual([]);
  });

  test('names no verb of the plugin that is not there', () => {
    const named = [...text.matchAll(/`kubectl rtc ([a-z]+)`/g)].map(([, verb = '']) => verb);
    expect(named.filter((verb) => !verbs.includes(verb))).toEqual([]);
  });
});
