/** What coturn's exporter says (Prometheus text format). Pure. */

/**
 * How many allocations there are now: the gauge has one line per kind of client, and none before the first allocation.
 * Null for a text that is not coturn's.
 */
export function allocationsIn(metrics: string): number | null {
  const lines = metrics.split('\n').filter((line) => !line.startsWith('#'));
  if (!lines.some((line) => /^(turn|stun)_/.test(line))) return null;
  const counts = lines.flatMap((line) => {
    const value = /^turn_total_allocations(?:\{[^}]*\})? (\S+)/.exec(line)?.[1];
    return value === undefined ? [] : [Number(value)];
  });
  const sum = counts.reduce((total, count) => total + count, 0);
  return Number.isFinite(sum) ? Math.max(0, Math.round(sum)) : null;
}
