/** `node test/bench/redraw.ts`: draws `docs/performance.md` again from the run that was kept, without measuring anything. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { evidenceDir } from '../setup/evidence.ts';
import { readMeasured } from './onGenerator.ts';
import { pageWith, type Source, type WholeBench } from './page.ts';
import type { Round } from './measures.ts';

/** As `keepBench` writes it. */
type Kept = Omit<WholeBench, 'played'> & Source & { readonly played: Readonly<Record<string, Round[]>> };

const kept = readMeasured(await readFile(join(evidenceDir, 'bench/rounds.json'), 'utf8')) as Kept;
const page = join(evidenceDir, '../performance.md');
const bench = { ...kept, played: new Map(Object.entries(kept.played)) };
await writeFile(page, pageWith(await readFile(page, 'utf8'), bench, kept));
