/** What every query of the dashboard *Fleet* is narrowed and summed by. */

/** The clusters that were chosen. */
export const where = 'job=~"$job", namespace=~"$namespace", cluster=~"$cluster"';
/** A replica that stood by may remember an older report for a moment: the larger one counts once. */
export const each = (metric: string, ...by: readonly string[]): string =>
  `max by (${['namespace', 'cluster', ...by].join(', ')}) (${metric})`;
