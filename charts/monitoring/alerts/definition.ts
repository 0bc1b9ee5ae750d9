/** What an alert is made of: plain data, from which the rules, the runbooks' heads and the tests follow. */

/** critical: people cannot call, or calls are cut. warning: they will, if nobody looks. info: something is not to be seen. */
export type Severity = 'critical' | 'warning' | 'info';

/** One alert. */
export interface AlertDefinition {
  /** Also the name of its runbook's file. */
  readonly name: string;
  readonly expr: string;
  /** How long it has to be so, as Prometheus writes it. */
  readonly for: string;
  readonly severity: Severity;
  /** One line with `{{ $labels… }}`: what, where. */
  readonly summary: string;
  /** What it means for people, and where to look first. */
  readonly description: string;
}

/** Alerts that are evaluated together. */
export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly AlertDefinition[];
}
