import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { jsonSchema, rightsTemplate, valuesTable, valuesYaml } from '../../charts/render.ts';
import { valuesSchema } from '../../charts/values.ts';
import { bindingRights, rights } from '../../operator/kube/resources.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');
const read = (path: string): string => readFileSync(join(chart, path), 'utf8');

describe('the generated files of the chart', () => {
  test.each([
    ['values.yaml', valuesYaml(valuesSchema)],
    ['values.schema.json', jsonSchema(valuesSchema)],
    ['templates/_rights.tpl', rightsTemplate(rights, bindingRights)],
  ])('are up to date: %s', (file, text) => {
    expect(read(file)).toBe(text);
  });

  test('are up to date: the table in README.md', () => {
    expect(read('README.md')).toContain(valuesTable(valuesSchema));
  });
});

test('values.yaml holds every default, and nothing that the schema refuses', () => {
  const values: unknown = parse(read('values.yaml'));
  expect(values).toEqual(valuesSchema.parse({}));
  expect(valuesSchema.safeParse(values).success).toBe(true);
});
