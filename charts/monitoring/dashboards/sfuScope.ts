/** What every query of the dashboard *SFU* is narrowed by. */

/** The SFUs that were chosen. */
export const where = 'job=~"$job", namespace=~"$namespace", cluster=~"$cluster", instance=~"$instance"';

/** Of a counter, a second. */
export const rateOf = (counter: string): string => `rate(${counter}{${where}}[$__rate_interval])`;
