/**
 * Finds the first JSON value of a text as Go's decoder does: what comes after it
 * is ignored, and what is wrong with it is said in Go's words, which end up in
 * the log of whoever sent it (wire spec 1.2).
 */

/** The text of the value, valid JSON, or what is wrong. */
export type FirstValue =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Scans bytes, as Go does: a character of more than one is named by its first. */
export function firstValue(text: string): FirstValue {
  const scan = new Scan(Buffer.from(text));
  try {
    scan.skipSpace();
    if (scan.isAtEnd()) return { ok: false, reason: 'EOF' };
    const start = scan.at;
    readValue(scan);
    return { ok: true, text: scan.bytes.toString('utf8', start, scan.at) };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { ok: false, reason: error.message };
    throw error;
  }
}

class SyntaxProblem extends Error {}

class Scan {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The character here, without taking it. */
  peek(): string {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new SyntaxProblem('unexpected EOF');
    return String.fromCharCode(byte);
  }

  take(): string {
    const character = this.peek();
    this.at += 1;
    return character;
  }

  /** Takes the character here if it is one of these. */
  takeIf(pattern: RegExp): boolean {
    if (this.isAtEnd() || !pattern.test(this.peek())) return false;
    this.at += 1;
    return true;
  }

  /** Takes a character that must be one of these. */
  need(pattern: RegExp, context: string): string {
    if (!pattern.test(this.peek()))
      throw new SyntaxProblem(`invalid character ${quoted(this.peek())} ${context}`);
    return this.take();
  }

  skipSpace(): void {
    while (this.takeIf(/[ \t\r\n]/));
  }
}

/** One whole value. Depth is a list, not a recursion: a body may be nothing but brackets. */
function readValue(scan: Scan): void {
  const open: ('{' | '[')[] = [];
  do {
    const begun = beginValue(scan, open);
    if (!begun) endValues(scan, open);
  } while (open.length > 0);
}

/** True when another value must follow at once: an object or array has begun that is not empty. */
function beginValue(scan: Scan, open: ('{' | '[')[]): boolean {
  scan.skipSpace();
  const first = scan.need(/[{["\-\dtfn]/, 'looking for beginning of value');
  if (first !== '{' && first !== '[') {
    readScalar(scan, first);
    return false;
  }
  scan.skipSpace();
  if (scan.takeIf(first === '{' ? /\}/ : /\]/)) return false;
  open.push(first);
  if (first === '{') readKey(scan);
  return true;
}

/** After a value: a comma and the next one, or the ends of what is open. */
function endValues(scan: Scan, open: ('{' | '[')[]): void {
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    scan.skipSpace();
    const next =
      inner === '{'
        ? scan.need(/[,}]/, 'after object key:value pair')
        : scan.need(/[,\]]/, 'after array element');
    if (next === ',') {
      scan.skipSpace();
      if (inner === '{') readKey(scan);
      return;
    }
    open.pop();
  }
}

function readKey(scan: Scan): void {
  scan.need(/"/, 'looking for beginning of object key string');
  readString(scan);
  scan.skipSpace();
  scan.need(/:/, 'after object key');
}

function readScalar(scan: Scan, first: string): void {
  const literal = { t: 'true', f: 'false', n: 'null' }[first];
  if (first === '"') readString(scan);
  else if (literal === undefined) readNumber(scan, first);
  else
    for (const expected of literal.slice(1))
      scan.need(new RegExp(expected), `in literal ${literal} (expecting '${expected}')`);
}

function readString(scan: Scan): void {
  for (let character = scan.peek(); ; character = scan.peek()) {
    scan.need(/[^\u0000-\u001f]/, 'in string literal'); // eslint-disable-line no-control-regex
    if (character === '"') return;
    if (character !== '\\') continue;
    if (scan.need(/[bfnrt\\/"u]/, 'in string escape code') === 'u')
      for (let digit = 0; digit < 4; digit += 1)
        scan.need(/[\da-f]/i, String.raw`in \u hexadecimal character escape`);
  }
}

function readNumber(scan: Scan, first: string): void {
  const lead = first === '-' ? scan.need(/\d/, 'in numeric literal') : first;
  if (lead !== '0') while (scan.takeIf(/\d/));
  if (scan.takeIf(/\./)) {
    scan.need(/\d/, 'after decimal point in numeric literal');
    while (scan.takeIf(/\d/));
  }
  if (!scan.takeIf(/e/i)) return;
  scan.takeIf(/[+-]/);
  scan.need(/\d/, 'in exponent of numeric literal');
  while (scan.takeIf(/\d/));
}

const named: Readonly<Record<string, string>> = {
  "'": String.raw`'\''`,
  '"': `'"'`,
  '\\': String.raw`'\\'`,
  '\n': String.raw`'\n'`,
  '\r': String.raw`'\r'`,
  '\t': String.raw`'\t'`,
  '\b': String.raw`'\b'`,
  '\f': String.raw`'\f'`,
  '\v': String.raw`'\v'`,
  '\u0007': String.raw`'\a'`,
};

/** As Go's `strconv.Quote` has it for one byte. */
function quoted(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  if (named[character] !== undefined) return named[character];
  if (code < 0x20 || code === 0x7f) return String.raw`'\x${hex}'`;
  const isInvisible = (code > 0x7f && code < 0xa1) || code === 0xad;
  return isInvisible ? String.raw`'\u00${hex}'` : `'${character}'`;
}
