/** Draws what was measured into `docs/operator-costs.md`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceDir, readEvidence } from '../../setup/evidence.ts';
import { costsPage } from './page.ts';

const page = join(import.meta.dirname, '../../../docs/operator-costs.md');

await writeFile(page, costsPage(await readFile(page, 'utf8'), await readEvidence(evidenceDir)));
