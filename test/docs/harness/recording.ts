/** PURE: what a program printed on a terminal → a picture of it as SVG, which plays by itself. */

/** Longest line that is drawn; what is beyond goes on in the next. */
const columns = 118;
const rows = 30;
const lineHeightPx = 17;
const charWidthPx = 8.1;
const paddingPx = 14;
/** Of a line of text, above the lower edge of its row. */
const baselinePx = 4;
const secondsPerLine = 0.35;
/** At its end the picture stands still for so long. */
const restSeconds = 8;

/** A window of `rows` lines that scrolls through `text`; viewers without animation see its beginning. */
export function recordingSvg(text: string, title: string): string {
  const lines = text.trimEnd().split('\n').flatMap(wrapped);
  const width = Math.ceil(columns * charWidthPx + 2 * paddingPx);
  const height = rows * lineHeightPx + 2 * paddingPx;
  const spans = lines.map(
    (line, index) =>
      `<text x="${paddingPx}" y="${(index + 1) * lineHeightPx - baselinePx}">${shown(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<svg x="0" y="${paddingPx}" width="${width}" height="${rows * lineHeightPx}">`,
    `<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#c9d1d9">`,
    ...scrolling(lines.length),
    ...spans,
    '</g>',
    '</svg>',
    '</svg>',
    '',
  ].join('\n');
}

function wrapped(line: string): readonly string[] {
  return line === '' ? [''] : (line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? []);
}

/** One line further in each step, a rest at the end, and again from the beginning. */
function scrolling(count: number): readonly string[] {
  const steps = Math.max(0, count - rows);
  if (steps === 0) return [];
  const durationSeconds = steps * secondsPerLine + restSeconds;
  const values = Array.from({ length: steps + 1 }, (_, index) => `0 ${-index * lineHeightPx}`);
  const times = values.map((_, index) => ((index * secondsPerLine) / durationSeconds).toFixed(4));
  return [
    `<animateTransform attributeName="transform" type="translate" calcMode="discrete" dur="${durationSeconds.toFixed(1)}s" repeatCount="indefinite" values="${values.join(';')}" keyTimes="${times.join(';')}"/>`,
  ];
}

/** Blanks that no viewer takes away. */
function shown(line: string): string {
  return escaped(line).replaceAll(' ', '\u00a0');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
