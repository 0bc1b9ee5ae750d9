/** Pure: the matrix as lines of text. */
import type { Cell, Matrix } from './matrix.ts';

/** Listeners down, speakers across; two lines a listener: packets and loss, then tone and time. */
export function renderMatrix(matrix: Matrix): string[] {
  const grid = matrix.names.map((listener) => [
    [listener, ''],
    ...matrix.names.map((speaker) => linesOf(matrix, listener, speaker)),
  ]);
  const head = ['hears', ...matrix.names];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...grid.flatMap((row) => (row[column] ?? []).map((line) => line.length))),
  );
  const rule = widths.map((width) => '─'.repeat(width + 2)).join('┼');
  const line = (texts: readonly string[]): string =>
    texts.map((text, column) => ` ${text.padEnd(widths[column] ?? 0)} `).join('│');
  return [
    line(head),
    ...grid.flatMap((row) => [
      rule,
      line(row.map(([first]) => first ?? '')),
      line(row.map(([, second]) => second ?? '')),
    ]),
  ];
}

function linesOf(matrix: Matrix, listener: string, speaker: string): [string, string] {
  if (listener === speaker) return ['·', ''];
  const cell = matrix.cells.find((one) => one.listener === listener && one.speaker === speaker);
  if (cell === undefined) return ['MISSING', ''];
  return [
    `${cell.packets} pk ${cell.lossPercent.toFixed(1)} %`,
    `${cell.toneDb.toFixed(0)} dB ${timeOf(cell)}`,
  ];
}

function timeOf(cell: Cell): string {
  if (cell.oneWayMs !== null) return `${cell.oneWayMs.p50.toFixed(1)} ms`;
  const roundTrip = cell.roundTripMs === null ? '' : `rt ${cell.roundTripMs.toFixed(0)}`;
  const buffer = cell.jitterBufferMs === null ? '' : ` jb ${cell.jitterBufferMs.toFixed(0)}`;
  return `${roundTrip}${buffer}`.trim();
}

/** What the figures of a cell mean. */
export const matrixLegend =
  'pk packets, % lost, dB pilot tone over noise, ms one-way median bot to bot, rt round trip page to SFU, jb jitter buffer (ms)';
