/** Writes what of the documentation follows from its own pages and from what programs printed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notRunPage } from './harness/notRunPage.ts';
import { commandPages, root } from './harness/pages.ts';
import { recordingSvg } from './harness/recording.ts';

await writeFile(join(root, 'docs/not-run.md'), notRunPage(commandPages));
/** `make demo > docs/evidence/demo.txt` makes it anew. */
const demo = await readFile(join(root, 'docs/evidence/demo.txt'), 'utf8');
await writeFile(join(root, 'docs/pictures/demo.svg'), recordingSvg(demo, 'What make demo prints'));
