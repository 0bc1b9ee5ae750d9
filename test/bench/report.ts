/** Keeps what was measured: raw rounds, ratios as evidence, the picture, the page. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { evidenceDir, keepEvidence, provenance } from '../setup/evidence.ts';
import { withAgain } from './again.ts';
import { measuresOf, ratioOf, type Round } from './measures.ts';
import { readMeasured } from './onGenerator.ts';
import { type Again, pageWith, type Source, type WholeBench } from './page.ts';
import { pictureOf } from './picture.ts';
import type { Bench } from './play.ts';
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
  // What was measured again since the last whole run is older than this one.
  for (const name of bench.played.keys()) await rm(evidenceFile(nameAgain(name)), { force: true });
  await write(bench, { command, ...(await provenance()) });
}

/** The same after a few scenarios alone: everything else stays as it was kept, with the commit that it was measured at. */
export async function keepAgain(few: Bench, command: string): Promise<void> {
  const kept = await readKept();
  const { command: first, commit, date, machine } = kept;
  await write(withAgain(kept, few, { command, ...(await provenance()) }), {
    command: first,
    ...{ commit, date, machine },
  });
}

/** As `write` left it: a whole run, and where it comes from. */
export async function readKept(): Promise<WholeBench & Again> {
  const text = await readFile(join(evidenceDir, 'bench/rounds.json'), 'utf8');
  const kept = readMeasured(text) as Omit<WholeBench, 'played'> &
    Again & { readonly played: Readonly<Record<string, Round[]>> };
  return { ...kept, played: new Map(Object.entries(kept.played)) };
}

/** What a page says beside the figures comes with them. */
export async function drawPage(bench: WholeBench, source: Source): Promise<void> {
  const page = join(evidenceDir, '../performance.md');
  await writeFile(page, pageWith(await readFile(page, 'utf8'), bench, source));
}

async function write(bench: WholeBench, source: Again): Promise<void> {
  const folder = join(evidenceDir, 'bench');
  await mkdir(folder, { recursive: true });
  const raw = { ...bench, ...source, played: Object.fromEntries(bench.played) };
  await writeFile(join(folder, 'rounds.json'), `${JSON.stringify(raw, null, 2)}\n`);
  await writeFile(join(evidenceDir, '../pictures/bench.svg'), pictureOf(bench.played));
  await drawPage(bench, source);
  const ratios = Object.entries(ratiosOf(bench.played));
  const again = bench.again ?? {};
  const first = Object.fromEntries(ratios.filter(([name]) => again[name] === undefined));
  await keepEvidence('bench', { ...source, values: first });
  for (const [name, values] of ratios) {
    const from = again[name];
    if (from !== undefined) await keepEvidence(nameAgain(name), { ...from, values });
  }
}

function nameAgain(scenario: string): string {
  return `bench-${scenario}`;
}

function evidenceFile(name: string): string {
  return join(evidenceDir, `${name}.json`);
}

/** The ratios of the last run that was kept; none when there was none. */
export async function readBaseline(): Promise<Ratios> {
  try {
    return ratiosOf((await readKept()).played);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
