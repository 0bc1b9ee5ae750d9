/** Writes what of the documentation follows from the operator's code. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referencePage } from './cli/reference.ts';
import { conditionsPage } from './desired/conditions/help/page.ts';
import { crowdTable, sizingTable } from './fleet/scale/sizingTable.ts';
import { turnGaugesTable } from './ops/turn/metrics.ts';

const docs = join(import.meta.dirname, '../docs');
/** What `spec.scaling.target.loadPercent` is where nobody says otherwise. */
const usualLoadPercent = 70;

/** Puts `table` between `<!-- mark -->` and `<!-- /mark -->`. */
async function fillIn(file: string, mark: string, table: string): Promise<void> {
  const page = join(docs, file);
  const text = await readFile(page, 'utf8');
  const between = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*(<!-- /${mark} -->)`);
  await writeFile(
    page,
    text.replace(between, (_, start: string, end: string) => `${start}${table}\n${end}`),
  );
}

await writeFile(join(docs, 'conditions.md'), conditionsPage());
await writeFile(join(docs, 'kubectl-rtc.md'), referencePage());
await fillIn('turn.md', 'metrics', turnGaugesTable());
await fillIn('sizing.md', 'sizing', sizingTable(usualLoadPercent));
await fillIn('sizing.md', 'crowds', crowdTable(usualLoadPercent));
