/** PURE: what a page of Markdown consists of, as far as tests of the documentation ask. */

/** A fenced block. */
export interface Block {
  readonly page: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** Word after the fence; empty: none. */
  readonly language: string;
  readonly text: string;
  /** Text of the HTML comment on the lines before the fence; empty: none. */
  readonly mark: string;
}

/** Code inside of a line. */
export interface InlineCode {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** A link to somewhere in this repository, or on its page. */
export interface Link {
  readonly page: string;
  readonly line: number;
  /** `../path#anchor`; either part may be missing. */
  readonly target: string;
}

/** A page, taken apart. */
export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  readonly inline: readonly InlineCode[];
  readonly links: readonly Link[];
  /** As GitHub makes them of headings. */
  readonly anchors: readonly string[];
  /** Lines of code by indentation, which no test would find. */
  readonly indented: readonly number[];
}

interface Fence {
  readonly line: number;
  readonly indent: string;
  readonly ticks: string;
  readonly language: string;
  readonly lines: string[];
  readonly mark: string;
}

const fencePattern = /^(\s*)(`{3,})(\S*)\s*$/;

/** `path` is what findings name. */
export function readPage(path: string, source: string): Page {
  const { blocks, prose } = splitBlocks(path, source.split('\n'));
  const inline = prose.flatMap(({ line, text }) =>
    [...text.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, code = '']) => ({ page: path, line, text: code })),
  );
  const links = prose.flatMap(({ line, text }) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)/g)].map(
      ([, target = '']) => ({ page: path, line, target }),
    ),
  );
  return {
    ...{ path, blocks, inline, links },
    anchors: anchorsOf(prose.map(({ text }) => text)),
    indented: prose.filter(isIndentedCode).map(({ line }) => line),
  };
}

interface ProseLine {
  readonly line: number;
  readonly text: string;
  /** The line before it. */
  readonly before: string;
}

function splitBlocks(path: string, lines: readonly string[]): { blocks: Block[]; prose: ProseLine[] } {
  const blocks: Block[] = [];
  const prose: ProseLine[] = [];
  let fence: Fence | undefined;
  for (const [index, text] of lines.entries()) {
    if (fence === undefined) {
      fence = fenceAt(lines, index);
      if (fence === undefined) prose.push({ line: index + 1, text, before: lines[index - 1] ?? '' });
    } else if (text.trim() === fence.ticks) {
      blocks.push(blockOf(path, fence));
      fence = undefined;
    } else fence.lines.push(text);
  }
  return { blocks, prose };
}

function fenceAt(lines: readonly string[], index: number): Fence | undefined {
  const found = fencePattern.exec(lines[index] ?? '');
  if (found === null) return undefined;
  const [, indent = '', ticks = '', language = ''] = found;
  return { line: index + 1, indent, ticks, language, lines: [], mark: markAbove(lines, index) };
}

function blockOf(page: string, { line, indent, language, lines, mark }: Fence): Block {
  const text = lines.map((each) => (each.startsWith(indent) ? each.slice(indent.length) : each)).join('\n');
  return { page, line, language, text, mark };
}

/** The comment that ends on the line above. */
function markAbove(lines: readonly string[], index: number): string {
  const last = lines[index - 1]?.trim() ?? '';
  if (!last.endsWith('-->')) return '';
  let first = index - 1;
  while (first > 0 && !(lines[first] ?? '').includes('<!--')) first -= 1;
  return lines
    .slice(first, index)
    .join('\n')
    .replace(/^\s*<!--/, '')
    .replace(/-->\s*$/, '')
    .trim();
}

/** Four blanks after an empty line, outside of a list. */
function isIndentedCode({ text, before }: ProseLine): boolean {
  return /^ {4}\S/.test(text) && before.trim() === '';
}

/** https://docs.github.com/en/get-started/writing-on-github, "Section links": a second one of the same text gets `-1`. */
function anchorsOf(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    const [, heading] = /^#{1,6}\s+(.*)$/.exec(line) ?? [];
    if (heading === undefined)
      return [...line.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return [count === 0 ? anchor : `${anchor}-${count}`];
  });
}
