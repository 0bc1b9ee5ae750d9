/** Pure: the schema as a sample file, a table for people, and a JSON schema for programs. */
import * as z from 'zod';
import { fields, snakeCase, type Field } from './fields.ts';
import { configSchema } from './schema.ts';

/** `config.sample.toml`: every key with its default, commented out where rtcd's meaning does not exist here. */
export function sampleToml(): string {
  const lines = [
    '# Every key with its default. The variable named above a key wins over it.',
    '# Case and underscores in keys do not count. Check with: npm start -- --config FILE --check-config',
  ];
  for (const [table, ofTable] of Map.groupBy(fields, tableOf)) {
    lines.push('', `[${table}]`);
    for (const field of ofTable)
      lines.push('', ...comment(field), `${field.key.slice(table.length + 1)} = ${toml(field.preset)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** `docs/configuration.md`: the table of keys and variables. */
export function markdownTable(): string {
  const rows = fields.map((field) =>
    [`\`${field.key}\``, `\`${field.env}\``, `\`${toml(field.preset)}\``, description(field)]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    '# Configuration of the SFU',
    '',
    'Keys of the TOML file given by `--config FILE` (default `config/config.toml`; case and underscores do not count) and',
    'the variables that win over them. `--check-config` prints what was understood and where each value came from.',
    'Written by `node sfu/generate.ts` from `sfu/config/schema.ts`.',
    '',
    '| key | variable | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

/** JSON Schema (draft 2020-12) of the TOML file with its canonical keys. */
export function jsonSchema(): unknown {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return { title: 'Configuration of the SFU', ...(renamed(schema, []) as object) };
}

type Json = Readonly<Record<string, unknown>>;

/** Properties get their TOML names and the texts of their settings; every level stays closed, nothing is required. */
function renamed(node: Json, path: readonly string[]): Json {
  const field = fields.find((one) => one.path.join('.') === path.join('.'));
  if (field !== undefined) return { ...node, description: description(field) };
  const properties = Object.entries((node['properties'] ?? {}) as Readonly<Record<string, Json>>);
  return {
    ...node,
    required: [],
    properties: Object.fromEntries(
      properties.map(([name, child]) => [snakeCase(name), renamed(child, [...path, name])]),
    ),
  };
}

function tableOf({ key }: Field): string {
  return key.slice(0, key.lastIndexOf('.'));
}

function comment(field: Field): string[] {
  return [description(field), field.env].map((line) => `# ${line}`);
}

function description({ doc, unused }: Field): string {
  return unused === undefined ? doc : `${doc} Accepted without effect: ${unused}.`;
}

/** Text, numbers, booleans and the empty list are written alike in TOML and JSON. */
function toml(value: unknown): string {
  return JSON.stringify(value);
}
