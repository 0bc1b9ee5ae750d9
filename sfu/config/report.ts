/** The text of `--check-config`. */
import type { Understood } from './given.ts';
import { portsToOpen } from './ports.ts';
import type { Resolved } from './resolve.ts';

/** Every value with its source, then what to know, then the verdict as the last line. */
export function checkReport(resolved: Resolved, fileNote: string): string {
  const lines = [
    fileNote,
    '',
    ...table(resolved.understood),
    ...section('Ports to open', resolved.config === undefined ? [] : portsToOpen(resolved.config)),
    ...section('Aliases', resolved.notes),
    ...section('Good to know', resolved.advice),
    ...section('Problems', resolved.problems),
    '',
    verdict(resolved),
  ];
  return `${lines.join('\n')}\n`;
}

function table(understood: readonly Understood[]): string[] {
  const rows = understood.map((one) => [one.field.key, shown(one), sourceOf(one)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([key, value, source]) => `${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}`,
  );
}

function shown({ field, value, origin }: Understood): string {
  if (field.key === 'rtc.ice_servers') return Array.isArray(value) ? `${value.length} listed` : 'unreadable';
  if (field.isSecret === true && value !== '') return origin.kind === 'default' ? '""' : '(hidden)';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function sourceOf({ origin }: Understood): string {
  return origin.name === undefined ? origin.kind : `${origin.kind}: ${origin.name}`;
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  ${item}`)];
}

function verdict({ problems }: Resolved): string {
  if (problems.length === 0) return 'The configuration is valid.';
  return `The configuration has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}.`;
}
