/** A TOML document → what it sets. Keys are matched without regard to case and underscores. */
import { parse, TomlError } from 'smol-toml';
import { fields, looseKey } from './fields.ts';
import { listenKey, type Given, type Source } from './given.ts';
import { iceServersFromFile } from './iceServers.ts';
import { nearest } from './nearest.ts';

/** `[HTTP] ServerAddress, ServerPort` of the owner's guide. */
const parts = new Map<string, 'host' | 'port'>([
  ['http.serveraddress', 'host'],
  ['http.serverport', 'port'],
]);
const byLooseKey = new Map(fields.map((field) => [looseKey(field.key), field]));

/** Reads a configuration file. Syntax errors carry line and column. */
export function fromFile(text: string): Source {
  const source = { given: [] as Given[], problems: [] as string[], notes: [] as string[] };
  try {
    walk(parse(text), [], source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    source.problems.push(`line ${error.line}, column ${error.column}: ${firstLine(error.message)}`);
  }
  return source;
}

type Growing = { readonly given: Given[]; readonly problems: string[]; readonly notes: string[] };

function walk(table: Readonly<Record<string, unknown>>, path: readonly string[], source: Growing): void {
  for (const [name, value] of Object.entries(table)) {
    const written = [...path, name];
    if (takeLeaf(written.join('.'), value, source)) continue;
    if (isTable(value)) walk(value, written, source);
    else source.problems.push(unknownKey(written.join('.')));
  }
}

function takeLeaf(written: string, value: unknown, source: Growing): boolean {
  const target = targetOf(looseKey(written));
  if (target === undefined) return false;
  const { key, part } = target;
  if (source.given.some((other) => other.key === key && other.part === part))
    source.problems.push(`${written}: ${key} is set twice, remove one of the two`);
  if (written !== key) source.notes.push(`${written} is read as ${key}`);
  source.given.push({
    key,
    value: key === 'rtc.ice_servers' ? iceServersFromFile(value) : value,
    origin: { kind: 'file', name: written },
    ...(part === undefined ? {} : { part }),
  });
  return true;
}

/** The canonical key behind a loosely written one. */
function targetOf(loose: string): { readonly key: string; readonly part?: 'host' | 'port' } | undefined {
  const field = byLooseKey.get(loose);
  if (field !== undefined) return { key: field.key };
  const part = parts.get(loose);
  return part === undefined ? undefined : { key: listenKey, part };
}

function unknownKey(written: string): string {
  const known = nearest(
    written,
    fields.map((field) => field.key),
  );
  return `${written}: unknown key, did you mean ${known ?? 'another'}?`;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
