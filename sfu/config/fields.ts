/** The schema as a flat list: one entry per leaf, with every name it goes by. */
import * as z from 'zod';
import { configSchema } from './schema.ts';
import { settings, type Setting } from './setting.ts';

/** What text from the environment has to be turned into. */
export type FieldKind = 'boolean' | 'number' | 'string' | 'level' | 'iceServers';

/** One leaf of the configuration. */
export interface Field extends Setting {
  /** Property names from the root: `['api', 'http', 'listenAddress']`. */
  readonly path: readonly string[];
  /** The TOML key with dots: `api.http.listen_address`. */
  readonly key: string;
  readonly kind: FieldKind;
  readonly preset: unknown;
  readonly schema: z.ZodType;
}

/** `listenAddress` → `listen_address`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Case and underscores do not count in TOML keys: `RTC.ICEPortUDP` is `rtc.ice_port_udp`. */
export function looseKey(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

const kinds: Readonly<Record<string, FieldKind>> = {
  boolean: 'boolean',
  number: 'number',
  string: 'string',
  enum: 'level',
  array: 'iceServers',
};

function fieldsOf(schema: z.ZodType, path: readonly string[]): Field[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, child]) =>
      fieldsOf(child, [...path, name]),
    );
  const about = settings.get(schema);
  if (about === undefined || !(schema instanceof z.ZodDefault))
    throw new Error(`the setting ${path.join('.')} has no name or no default`);
  const kind = kinds[(schema.unwrap() as z.ZodType).def.type];
  if (kind === undefined) throw new Error(`the setting ${path.join('.')} is of a type nobody reads`);
  return [
    { ...about, path, key: path.map(snakeCase).join('.'), kind, preset: schema.def.defaultValue, schema },
  ];
}

/** Every setting, in the order of the schema. */
export const fields: readonly Field[] = fieldsOf(configSchema, []);
