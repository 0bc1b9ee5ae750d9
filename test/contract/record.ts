/** Keeps whole runs in `docs/evidence/conformance/` and draws `docs/conformance.md` from them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { evidenceDir, provenance } from '../setup/evidence.ts';
import { renderPage, type RunRecord } from './results.ts';
import { type ServerKind, serverKinds } from './quirk.ts';

const folder = join(evidenceDir, 'conformance');
const page = join(evidenceDir, '../conformance.md');

/** Writes the run's file, in place of the last one of the same server. */
export async function keepRun(
  run: Pick<RunRecord, 'server' | 'command' | 'seconds' | 'results'>,
): Promise<void> {
  const { server, command, seconds, results } = run;
  const record: RunRecord = { server, command, ...(await provenance()), seconds, results };
  await mkdir(folder, { recursive: true });
  await writeFile(fileOf(server), `${JSON.stringify(record, null, 2)}\n`);
}

/** Draws the page when both servers have a run. */
export async function drawConformance(): Promise<void> {
  const [rtcd, ours] = await Promise.all(serverKinds.map(readRun));
  if (rtcd !== undefined && ours !== undefined) await writeFile(page, renderPage(rtcd, ours));
}

async function readRun(server: ServerKind): Promise<RunRecord | undefined> {
  const text = await readFile(fileOf(server), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunRecord);
}

function fileOf(server: ServerKind): string {
  return join(folder, `${server}.json`);
}

if (import.meta.main) await drawConformance();
