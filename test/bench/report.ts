/** Keeps what was measured: raw rounds, ratios as evidence, the picture, the page. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { evidenceDir, provenance, writeEvidence } from '../setup/evidence.ts';
import { measuresOf, ratioOf, type Round } from './measures.ts';
import { pageWith, type WholeBench } from './page.ts';
import { pictureOf } from './picture.ts';
import type { RoundsByScenario } from './tables.ts';

/** Ratios by scenario and measure: what another run is compared with. */
export type Ratios = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** See `Ratios`; what neither server has is left out. */
export function ratiosOf(played: RoundsByScenario): Ratios {
  const ofScenario = (rounds: readonly Round[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      measuresOf(rounds)
        .map((measure) => [measure.id, ratioOf(rounds, measure)] as const)
        .filter(([, ratio]) => Number.isFinite(ratio))
        .map(([id, ratio]) => [id, Number(ratio.toFixed(3))]),
    );
  return Object.fromEntries(
    [...played].filter(([, rounds]) => rounds.length > 0).map(([name, rounds]) => [name, ofScenario(rounds)]),
  );
}

/** Writes `docs/evidence/bench.json`, `docs/evidence/bench/rounds.json`, `docs/pictures/bench.svg`, `docs/performance.md`. */
export async function keepBench(bench: WholeBench, command: string): Promise<void> {
  const source = await provenance();
  const folder = join(evidenceDir, 'bench');
  await mkdir(folder, { recursive: true });
  const raw = { command, ...source, ...bench, played: Object.fromEntries(bench.played) };
  await writeFile(join(folder, 'rounds.json'), `${JSON.stringify(raw, null, 2)}\n`);
  await writeFile(join(evidenceDir, '../pictures/bench.svg'), pictureOf(bench.played));
  const page = join(evidenceDir, '../performance.md');
  await writeFile(page, pageWith(await readFile(page, 'utf8'), bench, source));
  await writeEvidence('bench', command, ratiosOf(bench.played));
}

/** The ratios of the last run that was kept; none when there was none. */
export async function readBaseline(): Promise<Ratios> {
  try {
    const text = await readFile(join(evidenceDir, 'bench.json'), 'utf8');
    return (JSON.parse(text) as { readonly values: Ratios }).values;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
