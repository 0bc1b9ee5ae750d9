/** Writes what of the documentation follows from the operator's code. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conditionsPage } from './desired/conditions/help/page.ts';

await writeFile(join(import.meta.dirname, '../docs/conditions.md'), conditionsPage());
