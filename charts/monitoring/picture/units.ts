/** Pure: numbers as people read them, by Grafana's names of units. */
import type { Unit } from '../definition.ts';

const prefixes = ['', 'k', 'M', 'G', 'T'] as const;

/** At most three figures and the unit: `1.2 k`, `350 ms`, `42 %`. */
export function inUnit(value: number, unit: Unit): string {
  if (unit === 'percentunit') return `${figures(value * 100)} %`;
  if (unit === 's') return seconds(value);
  const suffix = suffixes[unit];
  const step = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
  const text = `${figures(value / 1000 ** step)} ${prefixes[step] ?? ''}${suffix}`;
  return text.trim();
}

const suffixes = {
  none: '',
  bytes: 'B',
  Bps: 'B/s',
  pps: 'p/s',
  cps: '/s',
  reqps: 'req/s',
} as const;

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${figures(value * 1e6)} µs`;
  if (size < 1) return `${figures(value * 1000)} ms`;
  if (size < 120) return `${figures(value)} s`;
  if (size < 7_200) return `${figures(value / 60)} min`;
  return size < 172_800 ? `${figures(value / 3_600)} h` : `${figures(value / 86_400)} d`;
}

function figures(value: number): string {
  return String(Number(value.toPrecision(3)));
}
