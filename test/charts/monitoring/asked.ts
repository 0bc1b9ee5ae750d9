/** Queries of dashboards as Grafana would ask them, with every variable on "All". */

/** Of Grafana's own variables: how long the windows are, as Prometheus writes it. */
export interface Windows {
  readonly rateInterval: string;
  readonly range: string;
  readonly interval: string;
}

/** At one scrape a second. */
export const windows: Windows = { rateInterval: '20s', range: '1m', interval: '5s' };

/** The expression with everything filled in. */
export function asked(expr: string, { rateInterval, range, interval }: Windows = windows): string {
  return expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__range', range)
    .replaceAll('$__interval', interval)
    .replace(/\$(job|instance)\b/g, '.+')
    .replace(/\$(namespace|cluster|turnserver)\b/g, '.*');
}
