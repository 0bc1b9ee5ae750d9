/** Writes what follows from our schemas: the configuration's sample file, table and JSON schema, the one of `/stats`, and the page of metrics. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { jsonSchema, markdownTable, sampleToml } from './config/document.ts';
import { metricsPage } from './ops/document.ts';
import { statsJsonSchema } from './http/stats.ts';

const root = join(import.meta.dirname, '..');
const style = await resolveConfig(join(root, 'package.json'));

async function writeJson(file: string, value: unknown): Promise<void> {
  const filepath = join(root, file);
  await writeFile(filepath, await format(JSON.stringify(value), { ...style, filepath }));
}

await mkdir(join(root, 'docs'), { recursive: true });
await writeFile(join(root, 'sfu/config.sample.toml'), sampleToml());
await writeFile(join(root, 'docs/configuration.md'), markdownTable());
await writeFile(join(root, 'docs/metrics.md'), metricsPage());
await writeJson('sfu/config.schema.json', jsonSchema());
await writeJson('sfu/stats.schema.json', statsJsonSchema());
