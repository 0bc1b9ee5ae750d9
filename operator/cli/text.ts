/** PURE: views → text: tables, times, colours. */
import { apiTime } from '../desired/apiTime.ts';

/** How text is marked; each is nothing where colours are not wanted. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;

/** For pipes, files and https://no-color.org. */
export const plainStyle: Style = { bold: same, dim: same, good: same, warn: same, bad: same };

const sgr =
  (code: number) =>
  (text: string): string =>
    `\u001B[${code}m${text}\u001B[0m`;

/** Select Graphic Rendition of ECMA-48. */
export const colourStyle: Style = {
  ...{ bold: sgr(1), dim: sgr(2), good: sgr(32), warn: sgr(33), bad: sgr(31) },
};

/** Colours on terminals alone, and not with NO_COLOR. */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const isUnwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isTerminal && !isUnwanted ? colourStyle : plainStyle;
}

/** Columns as wide as their widest cell; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Lines that are there, with an empty one between the parts. */
export function parts(...blocks: readonly (readonly (string | undefined)[])[]): string {
  return blocks
    .map((block) => block.filter((line) => line !== undefined).join('\n'))
    .filter((block) => block !== '')
    .join('\n\n');
}

/** `2h5m`, `40s`: the two greatest units, as kubectl has them. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  const at = units.findIndex(([size]) => seconds >= size);
  if (at === -1) return '0s';
  const [size, unit] = units[at] ?? [1, 's'];
  const [nextSize, nextUnit] = units[at + 1] ?? [1, 's'];
  const rest = Math.floor((seconds % size) / nextSize);
  return `${Math.floor(seconds / size)}${unit}${rest > 0 && size > 1 ? `${rest}${nextUnit}` : ''}`;
}

/** `2026-11-23T12:00:00Z`. */
export function timeText(ms: number): string {
  return Number.isNaN(ms) ? 'a time that cannot be read' : apiTime(ms);
}
