/** Writes what follows from the values schema and from the operator's rights. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingRights, rights } from '../operator/kube/resources.ts';
import { jsonSchema, rightsTemplate, valuesTable, valuesYaml } from './render.ts';
import { valuesSchema } from './values.ts';

const chart = join(import.meta.dirname, 'rtc-operator');
const tableMarks = /(<!-- values -->\n)[\s\S]*(<!-- \/values -->)/;

await writeFile(join(chart, 'values.yaml'), valuesYaml(valuesSchema));
await writeFile(join(chart, 'values.schema.json'), jsonSchema(valuesSchema));
await writeFile(join(chart, 'templates/_rights.tpl'), rightsTemplate(rights, bindingRights));
const readme = join(chart, 'README.md');
const text = await readFile(readme, 'utf8');
await writeFile(
  readme,
  text.replace(tableMarks, (_, start: string, end: string) => `${start}${valuesTable(valuesSchema)}\n${end}`),
);
