/** Pure: alerts → the rules file of Prometheus, which the chart's PrometheusRule holds as well. */
import { stringify } from 'yaml';
import type { AlertDefinition, AlertGroup } from './alerts/definition.ts';

/** Where runbooks are unless a value of the chart says otherwise. */
export const runbookBaseUrl = 'https://github.com/progressnet/rtc-operator/blob/main/docs/runbooks/';

/** Where to read on when an alert fires. */
export function runbookUrl({ name }: Pick<AlertDefinition, 'name'>): string {
  return `${runbookBaseUrl}${name}.md`;
}

/** The file. */
export function rulesFile(groups: readonly AlertGroup[]): string {
  return stringify(
    { groups: groups.map(({ name, alerts }) => ({ name, rules: alerts.map(ruleOf) })) },
    { lineWidth: 0 },
  );
}

function ruleOf(alert: AlertDefinition): object {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { severity: alert.severity },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(alert),
    },
  };
}
