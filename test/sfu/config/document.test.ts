import { expect, test } from '@jest/globals';
import { jsonSchema, markdownTable, sampleToml } from '../../../sfu/config/document.ts';
import { fields } from '../../../sfu/config/fields.ts';
import { fromFile } from '../../../sfu/config/fromFile.ts';
import { resolve } from '../../../sfu/config/resolve.ts';

const nothing = { given: [], problems: [], notes: [] };

test('the sample file says the defaults, in canonical spelling', () => {
  const file = fromFile(sampleToml());
  const sample = resolve({ file, environment: nothing, hasDataVolume: false });
  const defaults = resolve({ file: nothing, environment: nothing, hasDataVolume: false });
  expect(sample.problems).toEqual([]);
  expect(sample.notes).toEqual([]);
  expect(sample.config).toEqual(defaults.config);
  expect(file.given).toHaveLength(fields.length);
});

test('every key and variable is in the table, once', () => {
  const lines = markdownTable().split('\n');
  for (const { key, env } of fields)
    expect(lines.filter((line) => line.startsWith(`| \`${key}\` | \`${env}\` |`))).toHaveLength(1);
});

test('the JSON schema is closed, requires nothing, and knows every key', () => {
  type Node = { properties?: Record<string, Node>; additionalProperties?: boolean; required?: string[] };
  const keysOf = (node: Node, path: string): string[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
      if (child.properties === undefined) return [path + name];
      expect(child).toMatchObject({ additionalProperties: false, required: [] });
      return keysOf(child, `${path}${name}.`);
    });
  expect(keysOf(jsonSchema() as Node, '').sort()).toEqual(fields.map(({ key }) => key).sort());
});
