/** Bodies of `/register`, `/unregister` and `/login`: flat JSON objects of strings, judged in the words of rtcd's decoder. */

import { firstValue } from './goJson.ts';

/** The strings of a body, or what is wrong with it. */
export type Body =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string };

/** Content type does not matter, unknown keys are ignored, `null` is an empty object: as rtcd's decoder does. */
export function readBody(raw: unknown): Body {
  const found = firstValue(typeof raw === 'string' ? raw : '');
  if (!found.ok) return refuse(found.reason);
  const value: unknown = JSON.parse(found.text);
  if (value === null) return { ok: true, values: new Map() };
  if (goType(value) !== 'object') return refuse(cannotHold(goType(value), 'map[string]string'));
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const values = new Map<string, string>();
  for (const [key, item] of entries) {
    if (item !== null && typeof item !== 'string') return refuse(cannotHold(goType(item), 'string'));
    values.set(key.toWellFormed(), (item ?? '').toWellFormed());
  }
  return { ok: true, values };
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
