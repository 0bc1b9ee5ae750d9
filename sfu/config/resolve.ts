/** Defaults, file and environment → one valid configuration, or every problem at once. */
import type * as z from 'zod';
import { adviceFor } from './advice.ts';
import { fields, type Field } from './fields.ts';
import { listenKey, type Given, type Origin, type Source, type Understood } from './given.ts';
import { formatListenAddress, parseListenAddress, type ListenAddress } from './listenAddress.ts';
import { rulesBroken } from './rules.ts';
import { configSchema, type Config } from './schema.ts';

/** What `resolve` works on. */
export interface Inputs {
  readonly file: Source;
  readonly environment: Source;
  /** Wins over both; default: nothing was given. */
  readonly commandLine?: Source;
  /** `/data` is a mounted volume that we may write to: then clients are kept there by default. */
  readonly hasDataVolume: boolean;
}

/** The outcome. With problems there is no configuration; notes and advice stop nothing. */
export interface Resolved {
  readonly config: Config | undefined;
  readonly understood: readonly Understood[];
  readonly problems: readonly string[];
  /** Aliases and their canonical keys. */
  readonly notes: readonly string[];
  /** What works, but perhaps not as intended. */
  readonly advice: readonly string[];
}

/** The later wins. */
function sourcesOf({ file, environment, commandLine }: Inputs): Source[] {
  return commandLine === undefined ? [file, environment] : [file, environment, commandLine];
}

/** Merges and judges. The environment wins over the file, an argument over both. */
export function resolve(inputs: Inputs): Resolved {
  const sources = sourcesOf(inputs);
  const understood = fields.map((field) => understand(field, inputs));
  const parsed = configSchema.safeParse(nest(understood));
  const problems = [
    ...sources.flatMap((source) => source.problems),
    ...(parsed.error?.issues.map((issue) => explain(issue, understood)) ?? []),
    ...(parsed.data === undefined ? [] : rulesBroken(parsed.data)),
  ];
  const isValid = parsed.data !== undefined && problems.length === 0;
  return {
    config: isValid ? parsed.data : undefined,
    understood,
    problems,
    notes: [...sources.flatMap((source) => source.notes), ...sources.flatMap(shadowed)],
    advice: isValid ? adviceFor(parsed.data, understood) : [],
  };
}

function understand(field: Field, inputs: Inputs): Understood {
  const given = sourcesOf(inputs).flatMap((source) => source.given.filter(({ key }) => key === field.key));
  if (field.key === listenKey) return understandListen(field, given);
  const last = given.at(-1);
  if (last !== undefined) return { field, value: normal(field, last.value), origin: last.origin };
  if (field.key === 'store.data_source' && inputs.hasDataVolume)
    return { field, value: '/data', origin: { kind: 'default', name: '/data is a mounted volume' } };
  return { field, value: field.preset, origin: { kind: 'default' } };
}

function normal(field: Field, value: unknown): unknown {
  if (field.kind === 'level' && typeof value === 'string') return value.toLowerCase();
  if (field.key === 'rtc.ice_host_port_override' && typeof value === 'number') return String(value);
  return value;
}

/** Halves set by aliases replace that half only; within one source the canonical key wins. */
function understandListen(field: Field, given: readonly Given[]): Understood {
  let value: unknown = field.preset;
  let origin: Origin = { kind: 'default' };
  for (const kind of ['file', 'environment'] as const) {
    const ofSource = given.filter((one) => one.origin.kind === kind);
    const whole = ofSource.find((one) => one.part === undefined);
    const used = whole === undefined ? ofSource : [whole];
    for (const { part, value: next } of used) value = part === undefined ? next : withPart(value, part, next);
    if (used.length > 0) origin = { kind, name: used.map((one) => one.origin.name ?? '').join(' + ') };
  }
  return { field, value, origin };
}

function withPart(before: unknown, part: 'host' | 'port', value: unknown): unknown {
  const address: ListenAddress | undefined = parseListenAddress(String(before));
  if (address === undefined) return before;
  if (part === 'host') return formatListenAddress({ ...address, host: String(value).trim() });
  const isPort = /^\d{1,5}$/.test(String(value).trim());
  return isPort
    ? formatListenAddress({ ...address, port: Number(value) })
    : `${address.host}:${String(value)}`;
}

function shadowed(source: Source): string[] {
  const whole = source.given.find((one) => one.key === listenKey && one.part === undefined);
  if (whole === undefined) return [];
  return source.given
    .filter((one) => one.key === listenKey && one.part !== undefined)
    .map((one) => `${one.origin.name ?? ''} is ignored, because ${whole.origin.name ?? ''} is set as well`);
}

type Nested = { [name: string]: unknown };

function nest(understood: readonly Understood[]): Nested {
  const root: Nested = {};
  for (const { field, value } of understood) {
    let table = root;
    for (const name of field.path.slice(0, -1)) table = (table[name] ??= {}) as Nested;
    table[field.path.at(-1) ?? ''] = value;
  }
  return root;
}

function explain(issue: z.core.$ZodIssue, understood: readonly Understood[]): string {
  const path = issue.path.map(String);
  const at = understood.find(({ field }) => field.path.every((name, index) => path[index] === name));
  if (at === undefined) return `${path.join('.')}: ${issue.message}`;
  const inside = path.slice(at.field.path.length).join('.');
  const where = at.origin.kind === 'environment' ? ` (${at.origin.name})` : '';
  return `${at.field.key}${inside === '' ? '' : `.${inside}`}${where}: ${issue.message}`;
}
