/** Writes what follows from the configuration's schema: sample file, table, JSON schema. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { jsonSchema, markdownTable, sampleToml } from './config/document.ts';

const root = join(import.meta.dirname, '..');
const schemaFile = join(root, 'sfu/config.schema.json');
const style = await resolveConfig(schemaFile);

await mkdir(join(root, 'docs'), { recursive: true });
await writeFile(join(root, 'sfu/config.sample.toml'), sampleToml());
await writeFile(join(root, 'docs/configuration.md'), markdownTable());
await writeFile(schemaFile, await format(JSON.stringify(jsonSchema()), { ...style, filepath: schemaFile }));
