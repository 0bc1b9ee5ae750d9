/** Pure: the little SVG that pictures of dashboards are made of. */

/** Colours of a light page. */
export const ink = { text: '#1f2430', faint: '#6b7280', grid: '#e5e7eb', frame: '#d1d5db', paper: '#ffffff' };

/** Of lines, in their order; told apart by people who do not see all colours, too. */
export const lineColours = [
  '#1f77b4',
  '#e6862c',
  '#2a9d5c',
  '#c2342b',
  '#7a5cc4',
  '#8c6d4f',
  '#d66ba0',
  '#5f6b7a',
] as const;

/** The colour of the line at this place. */
export function colourOf(index: number): string {
  return lineColours[index % lineColours.length] ?? ink.text;
}

/** A rectangle on the page, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Attributes = Readonly<Record<string, string | number>>;

/** One element; `inside` is SVG, or text that was escaped. */
export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : escaped(value)}"`,
    )
    .join('');
  return inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** How text is set. */
export interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
}

/** Text whose line stands at `y`. */
export function words(text: string, [x, y]: readonly [number, number], style: TextStyle = {}): string {
  const { size = 12, colour = ink.text, anchor = 'start', isBold = false } = style;
  const look = { 'font-size': size, fill: colour, 'text-anchor': anchor };
  return element('text', { x, y, ...look, ...(isBold && { 'font-weight': 600 }) }, escaped(text));
}

/** As much of the text as has room, by the mean width of a letter. */
export function cut(text: string, width: number, size: number): string {
  const room = Math.max(1, Math.floor(width / (size * 0.54)));
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
