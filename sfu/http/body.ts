/** Bodies of `/register`, `/unregister` and `/login`: flat JSON objects of strings, judged in the words of rtcd's decoder. */

/** The strings of a body, or what is wrong with it. */
export type Body =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string };

/** Content type does not matter, unknown keys are ignored, `null` is an empty object: as rtcd's decoder does. */
export function readBody(raw: unknown): Body {
  const trimmed = typeof raw === 'string' ? raw.trim() : '';
  if (trimmed === '') return refuse('EOF');
  const parsed = parse(trimmed);
  if (!parsed.ok) return refuse(parsed.reason);
  const { value } = parsed;
  if (value === null) return { ok: true, values: new Map() };
  if (goType(value) !== 'object') return refuse(cannotHold(goType(value), 'map[string]string'));
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const values = new Map<string, string>();
  for (const [key, item] of entries) {
    if (item !== null && typeof item !== 'string') return refuse(cannotHold(goType(item), 'string'));
    values.set(key, item ?? '');
  }
  return { ok: true, values };
}

type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: syntaxReason(text, error instanceof Error ? error.message : String(error)) };
  }
}

function syntaxReason(text: string, message: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (!/[[{"\d\-tfn]/.test(first)) return `invalid character '${first}' looking for beginning of value`;
  return /end of JSON input|Unterminated|after .* at position \d+/.test(message) && isCut(text, message)
    ? 'unexpected EOF'
    : `invalid JSON: ${message}`;
}

/** True when the fault is at the very end, so that more text could mend it. */
function isCut(text: string, message: string): boolean {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined || Number(position) >= text.length;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return { boolean: 'bool', number: 'number', string: 'string' }[typeof value as string] ?? 'object';
}

function cannotHold(type: string, target: string): string {
  return `json: cannot unmarshal ${type} into Go value of type ${target}`;
}

function refuse(reason: string): Body {
  return { ok: false, reason };
}
