/** Writes what follows from the values schema, from the operator's rights, and from the definitions of monitoring. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingRights, rights } from '../operator/kube/resources.ts';
import { writeArgo } from './argo/write.ts';
import { writeMonitoring } from './monitoring/write.ts';
import { jsonSchema, rightsTemplate, valuesTable, valuesYaml } from './render.ts';
import { valuesSchema } from './values.ts';

const chart = join(import.meta.dirname, 'rtc-operator');
const tableMarks = /(<!-- values -->\n)[\s\S]*(<!-- \/values -->)/;

const { version } = JSON.parse(await readFile(join(chart, '../../package.json'), 'utf8')) as {
  readonly version: string;
};
const chartFile = join(chart, 'Chart.yaml');
await writeFile(
  chartFile,
  (await readFile(chartFile, 'utf8')).replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`),
);
await writeFile(join(chart, 'values.yaml'), valuesYaml(valuesSchema));
await writeFile(join(chart, 'values.schema.json'), jsonSchema(valuesSchema));
await writeFile(join(chart, 'templates/_rights.tpl'), rightsTemplate(rights, bindingRights));
const readme = join(chart, 'README.md');
const text = await readFile(readme, 'utf8');
await writeFile(
  readme,
  text.replace(tableMarks, (_, start: string, end: string) => `${start}${valuesTable(valuesSchema)}\n${end}`),
);
await writeMonitoring();
await writeArgo();
