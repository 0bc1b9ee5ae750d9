/** What a dashboard is made of: plain data, from which Grafana's JSON, the pages for people and the tests follow. */

/** How a panel shows what its queries give. */
export type PanelKind = 'timeseries' | 'stat' | 'gauge';

/** Grafana's name of a unit. */
export type Unit = 'none' | 's' | 'percentunit' | 'bytes' | 'Bps' | 'pps' | 'cps' | 'reqps';

/** One line of questions to Prometheus; its place in the panel gives the refId (A, B, …). */
export interface Query {
  readonly expr: string;
  /** Grafana's legend format: `{{label}}` or text. */
  readonly legend: string;
}

/** One panel. */
export interface PanelDefinition {
  /** Of its dashboard, and for ever: links and alerts name it. */
  readonly id: number;
  readonly kind: PanelKind;
  readonly title: string;
  /** What it answers, and what to think of the answer. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Lines are laid upon each other. Default false. */
  readonly isStacked?: boolean;
  /** From this value on it is shown in red; with `isBadBelow` below it. */
  readonly badFrom?: number;
  readonly isBadBelow?: boolean;
}

/** A variable that people choose from; `all` matches everything, series without the label too. */
export interface VariableDefinition {
  readonly name: string;
  readonly label: string;
  /** As Grafana asks: `label_values(metric, label)`. */
  readonly values: string;
}

/** Marks over all time series of a dashboard. */
export interface MarkDefinition {
  readonly name: string;
  /** Gives a sample where something happened. */
  readonly expr: string;
  readonly title: string;
}

/** A rule of Grafana's dashboard-linter that a dashboard does not keep, and why. */
export interface Exemption {
  readonly rule: string;
  readonly because: string;
}

/** One dashboard. */
export interface DashboardDefinition {
  /** Part of links, so it stays; 40 characters at most. */
  readonly uid: string;
  readonly title: string;
  /** What it answers. */
  readonly description: string;
  readonly variables: readonly VariableDefinition[];
  readonly marks: readonly MarkDefinition[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelDefinition[] }[];
  readonly exemptions: readonly Exemption[];
}

/** Every panel, in order. */
export function panelsOf({ rows }: DashboardDefinition): readonly PanelDefinition[] {
  return rows.flatMap(({ panels }) => panels);
}

/** `expr`, or a 0 that is called none: for what has no series before it happens, and best never happens. */
export function orNone(expr: string, label: string): string {
  return `${expr} or on() label_replace(vector(0), "${label}", "none", "", "")`;
}

/** A quantile of a histogram over the rate interval, by these labels. */
export function quantile(share: number, histogram: string, by: readonly string[] = []): string {
  const name = histogram.replace('{', '_bucket{');
  return `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (rate(${name}[$__rate_interval])))`;
}

/** The mean of a histogram over the rate interval. */
export function mean(histogram: string): string {
  const rateOf = (part: string): string =>
    `sum(rate(${histogram.replace('{', `_${part}{`)}[$__rate_interval]))`;
  return `${rateOf('sum')} / ${rateOf('count')}`;
}
