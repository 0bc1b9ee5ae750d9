/** Pure: lines over a time, with axes and a legend. */
import type { Unit } from '../definition.ts';
import { colourOf, cut, element, ink, words, type Box } from './svg.ts';
import { inUnit } from './units.ts';

/** One line: seconds since the epoch and values; NaN is a gap. */
export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
}

/** What is plotted, and where. */
export interface Plot {
  readonly lines: readonly Line[];
  readonly unit: Unit;
  readonly box: Box;
  readonly isStacked: boolean;
  /** Seconds since the epoch: what is shown. */
  readonly from: number;
  readonly to: number;
}

const legendHeight = 16;
const legendLines = 2;
const margin = { left: 58, right: 10, bottom: 18 };

/** See the file comment. */
export function plotted(plot: Plot): string {
  const lines = plot.isStacked ? stacked(plot.lines) : plot.lines;
  const { box } = plot;
  const inner: Box = {
    x: box.x + margin.left,
    y: box.y + 6,
    width: box.width - margin.left - margin.right,
    height: box.height - margin.bottom - legendHeight * legendLines - 6,
  };
  const scale = scaleOf(lines, inner, plot);
  const paths = lines.map((line, index) => drawn(line, { index, scale, isFilled: plot.isStacked }));
  // The highest sum is painted first, and each layer below it over it.
  const shown = plot.isStacked ? paths.reverse() : paths;
  return [grid(scale, plot), ...shown, legend(plot)].join('');
}

/** Each line on top of those before it. */
function stacked(lines: readonly Line[]): Line[] {
  const sums = new Map<number, number>();
  return lines.map(({ label, points }) => ({
    label,
    points: points.map(([time, value]) => {
      const sum = (sums.get(time) ?? 0) + (Number.isNaN(value) ? 0 : value);
      sums.set(time, sum);
      return [time, sum] as const;
    }),
  }));
}

interface Scale {
  readonly inner: Box;
  readonly low: number;
  readonly high: number;
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

function scaleOf(lines: readonly Line[], inner: Box, { from, to }: Plot): Scale {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const low = Math.min(0, ...values);
  const high = niceAbove(Math.max(...values, low === 0 ? 1e-9 : 0), values.length > 0);
  return {
    ...{ inner, low, high },
    x: (time) => inner.x + ((time - from) / (to - from)) * inner.width,
    y: (value) => inner.y + inner.height - ((value - low) / (high - low)) * inner.height,
  };
}

/** The next of 1, 2, 4, 5, 8 times a power of ten; of nothing or of zeros 1. */
function niceAbove(value: number, hasValues: boolean): number {
  if (!hasValues || value <= 1e-9) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

const steps = 4;

function grid({ inner, low, high, y }: Scale, { unit, from, to }: Plot): string {
  const parts = Array.from({ length: steps + 1 }, (_, step) => low + ((high - low) * step) / steps);
  const across = parts.map(
    (value) =>
      element('line', {
        x1: inner.x,
        x2: inner.x + inner.width,
        y1: y(value),
        y2: y(value),
        stroke: ink.grid,
      }) +
      words(inUnit(value, unit), [inner.x - 6, y(value) + 4], { size: 10, colour: ink.faint, anchor: 'end' }),
  );
  const base = inner.y + inner.height + 14;
  const look = { size: 10, colour: ink.faint } as const;
  const ends = [
    words(`−${Math.round(to - from)} s`, [inner.x, base], look),
    words('at the end of the run', [inner.x + inner.width, base], { ...look, anchor: 'end' }),
  ];
  return [...across, ...ends].join('');
}

interface Look {
  /** Place among the lines, and so the colour. */
  readonly index: number;
  readonly scale: Scale;
  /** Painted down to the base. */
  readonly isFilled: boolean;
}

function drawn({ points }: Line, { index, scale, isFilled }: Look): string {
  const colour = colourOf(index);
  const parts = pieces(points).map((piece) => {
    const path = piece.map(([time, value]) => `${scale.x(time).toFixed(1)} ${scale.y(value).toFixed(1)}`);
    const [first, last] = [piece[0]?.[0] ?? 0, piece.at(-1)?.[0] ?? 0];
    const base = scale.y(scale.low).toFixed(1);
    const floor = ` L${scale.x(last).toFixed(1)} ${base} L${scale.x(first).toFixed(1)} ${base} Z`;
    return `M${path.join(' L')}${isFilled ? floor : ''}`;
  });
  const look = isFilled ? { fill: colour } : { fill: 'none', stroke: colour, 'stroke-width': 1.8 };
  return element('path', { d: parts.join(' '), ...look });
}

/** Runs of points without a gap. */
function pieces(points: Line['points']): Line['points'][] {
  const found: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point[1])) found.at(-1)?.push(point);
    else found.push([]);
  }
  return found.filter((piece) => piece.length > 0);
}

/** Beside each other as long as there is room; the rest is counted. */
function legend({ lines, box }: Plot): string {
  const perRow = Math.max(1, Math.min(4, lines.length, Math.floor(box.width / 140)));
  const width = (box.width - 20) / perRow;
  const most = perRow * legendLines;
  const shown = lines.length > most ? lines.slice(0, most - 1) : lines;
  const labels = [
    ...shown.map(({ label }, index) => ({ label, colour: colourOf(index) })),
    ...(lines.length > most ? [{ label: `and ${lines.length - shown.length} more`, colour: ink.faint }] : []),
  ];
  return labels
    .map(({ label, colour }, index) => {
      const left = box.x + 10 + (index % perRow) * width;
      const base = box.y + box.height - legendHeight * (legendLines - Math.floor(index / perRow)) + 10;
      const mark = element('rect', { x: left, y: base - 7, width: 12, height: 4, fill: colour });
      return mark + words(cut(label, width - 22, 11), [left + 17, base], { size: 11, colour: ink.faint });
    })
    .join('');
}
