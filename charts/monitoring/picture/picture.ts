/**
 * Pure: a dashboard's definition and what Prometheus answered → a picture for the documentation. It is not Grafana's: it
 * shows what the panels ask for and what comes back, in the places that they have there.
 */
import type { DashboardDefinition, PanelDefinition } from '../definition.ts';
import { plotted, type Line } from './plot.ts';
import { cut, element, ink, words, type Box } from './svg.ts';
import { inUnit } from './units.ts';

/** What a picture is made of. */
export interface Drawing {
  readonly definition: DashboardDefinition;
  /** By the panel's id, one entry for each of its lines. */
  readonly lines: ReadonlyMap<number, readonly Line[]>;
  /** Where each panel is, in Grafana's grid of 24 columns. */
  readonly places: ReadonlyMap<number, { x: number; y: number; w: number; h: number }>;
  /** Heads of rows: text and line of the grid. */
  readonly heads: readonly { readonly title: string; readonly y: number }[];
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** What ran while it was asked. */
  readonly ran: string;
}

const cell = { width: 54, height: 30 };
const top = 74;
const gap = 4;
const head = 26;

/** The picture as SVG. */
export function pictureOf(drawing: Drawing): string {
  const { definition, places, heads, ran } = drawing;
  const width = 24 * cell.width + 2 * gap;
  const last = Math.max(...[...places.values()].map(({ y, h }) => y + h));
  const height = top + last * cell.height + gap;
  const inside = [
    element('rect', { x: 0, y: 0, width, height, fill: '#f6f7f9' }),
    words(definition.title, [12, 26], { size: 19, isBold: true }),
    words(definition.description, [12, 45], { size: 12, colour: ink.faint }),
    words(
      `Drawn by this project from the panels’ definitions and what a real Prometheus answered, not by Grafana. ${ran}`,
      [12, 62],
      { size: 11, colour: ink.faint },
    ),
    ...heads.map(({ title, y }) =>
      words(title, [12, top + y * cell.height + 20], { size: 14, isBold: true }),
    ),
    ...definition.rows.flatMap(({ panels }) => panels.map((panel) => panelOf(panel, drawing))),
  ].join('\n');
  const look = { viewBox: `0 0 ${width} ${height}`, width, height, 'font-family': 'DejaVu Sans, sans-serif' };
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...look }, `\n${inside}\n`)}\n`;
}

function panelOf(panel: PanelDefinition, drawing: Drawing): string {
  const { x = 0, y = 0, w = 4, h = 4 } = drawing.places.get(panel.id) ?? {};
  const box: Box = {
    x: gap + x * cell.width + gap / 2,
    y: top + y * cell.height + gap / 2,
    width: w * cell.width - gap,
    height: h * cell.height - gap,
  };
  const frame = element('rect', { ...box, fill: ink.paper, stroke: ink.frame, rx: 3 });
  const title = words(cut(panel.title, box.width - 20, 12), [box.x + 10, box.y + 18], { isBold: true });
  const lines = drawing.lines.get(panel.id) ?? [];
  const inner = { ...box, y: box.y + head, height: box.height - head };
  return (
    frame +
    title +
    (panel.kind === 'timeseries' ? timeSeries(panel, lines, { inner, drawing }) : value(panel, lines, inner))
  );
}

function timeSeries(
  panel: PanelDefinition,
  lines: readonly Line[],
  { inner, drawing }: { readonly inner: Box; readonly drawing: Drawing },
): string {
  const { from, to } = drawing;
  const { unit, isStacked = false } = panel;
  return plotted({ lines, unit, box: inner, isStacked, from, to });
}

/** The last number, as large as there is room; a gauge has its share of the width below. */
function value(panel: PanelDefinition, lines: readonly Line[], box: Box): string {
  const last = lines.flatMap(({ points }) =>
    points.filter(([, one]) => Number.isFinite(one)).slice(-1),
  )[0]?.[1];
  const colour = last === undefined ? ink.faint : colourOfValue(panel, last);
  const text = last === undefined ? 'nothing' : inUnit(last, panel.unit);
  const middle = box.x + box.width / 2;
  const number = words(text, [middle, box.y + box.height / 2 + 10], { size: 30, colour, anchor: 'middle' });
  return panel.kind === 'gauge' ? number + bar(last ?? 0, { box, colour }) : number;
}

function bar(share: number, { box, colour }: { readonly box: Box; readonly colour: string }): string {
  const place = { x: box.x + 14, y: box.y + box.height - 18, height: 8 };
  const width = box.width - 28;
  return (
    element('rect', { ...place, width, fill: ink.grid }) +
    element('rect', { ...place, width: width * Math.min(1, Math.max(0, share)), fill: colour })
  );
}

function colourOfValue({ badFrom, isBadBelow = false }: PanelDefinition, last: number): string {
  if (badFrom === undefined) return ink.text;
  return last >= badFrom !== isBadBelow ? '#c2342b' : '#2a8a4f';
}
