/** Writes what of the documentation follows from the operator's code. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conditionsPage } from './desired/conditions/help/page.ts';
import { turnGaugesTable } from './ops/turn/metrics.ts';

const docs = join(import.meta.dirname, '../docs');
const tableMarks = /(<!-- metrics -->\n)[\s\S]*(<!-- \/metrics -->)/;

await writeFile(join(docs, 'conditions.md'), conditionsPage());
const turnPage = join(docs, 'turn.md');
const text = await readFile(turnPage, 'utf8');
await writeFile(
  turnPage,
  text.replace(tableMarks, (_, start: string, end: string) => `${start}${turnGaugesTable()}\n${end}`),
);
