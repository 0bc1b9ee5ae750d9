/** PURE: durations and times as people type them. */

const unitsMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** Milliseconds of `90s`, `30m`, `1h30m`. Throws a RangeError that says how to write one. */
export function durationMs(text: string): number {
  const found = [...text.matchAll(/(\d+)([dhms])/g)];
  if (found.length === 0 || found.map(([all]) => all).join('') !== text)
    throw new RangeError(`"${text}" is no duration: write 90s, 30m, 2h or 1h30m`);
  return found.reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0), 0);
}

/** Milliseconds since the epoch of an RFC 3339 time, or of `+30m` from now. Throws a RangeError. */
export function timeMs(text: string, nowMs: number): number {
  if (text.startsWith('+')) return nowMs + durationMs(text.slice(1));
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? dayThatIs(text)
    : Number.NaN;
  if (Number.isNaN(ms))
    throw new RangeError(`"${text}" is no time: write 2027-01-12T14:00:00Z (with a zone), or +30m from now`);
  return ms;
}

/** A 30th of February would be read as a day of March. */
function dayThatIs(text: string): number {
  const [date = ''] = text.split('T');
  const midnight = new Date(`${date}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
  return isDay ? Date.parse(text) : Number.NaN;
}
