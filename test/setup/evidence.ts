/**
 * Figures come from runs: a command that measured something writes it here, and
 * `docs/figures.md` is drawn from these files only.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { type Evidence, renderFigures } from './figures.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../..');
/** A test that plays a command keeps its figures to itself. */
const docsDir = process.env['RTC_DOCS'] ?? join(root, 'docs');
/** Where figures and pictures are kept. */
export const evidenceDir = join(docsDir, 'evidence');

/** Where evidence comes from, beside the command. */
export type Provenance = Pick<Evidence, 'commit' | 'date' | 'machine'>;

/** Writes `docs/evidence/<name>.json` of what was measured here and now, and draws `docs/figures.md` again. Returns the file's path. */
export async function writeEvidence(
  name: string,
  command: string,
  values: Evidence['values'],
): Promise<string> {
  return keepEvidence(name, { command, ...(await provenance()), values });
}

/** The same of what was measured before. */
export async function keepEvidence(
  name: string,
  { command, commit, date, machine: where, values }: Evidence,
): Promise<string> {
  const evidence: Evidence = { command, commit, date, machine: where, values };
  await mkdir(evidenceDir, { recursive: true });
  const file = join(evidenceDir, `${name}.json`);
  await writeFile(file, `${JSON.stringify(evidence, null, 2)}\n`);
  await drawFigures();
  return file;
}

/** Of which sources, when and where something was measured. */
export async function provenance(): Promise<Provenance> {
  return { commit: await commit(), date: new Date().toISOString(), machine: machine() };
}

/** Draws `docs/figures.md` from every file of `docs/evidence/`. */
async function drawFigures(): Promise<void> {
  await writeFile(join(docsDir, 'figures.md'), renderFigures(await readEvidence(evidenceDir)));
}

/** Every run's figures in a folder, by name. */
export async function readEvidence(dir: string): Promise<ReadonlyMap<string, Evidence>> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.json')).sort();
  const read = async (file: string): Promise<readonly [string, Evidence]> => {
    const text = await readFile(join(dir, file), 'utf8');
    return [file.slice(0, -'.json'.length), JSON.parse(text) as Evidence];
  };
  return new Map(await Promise.all(files.map(read)));
}

async function commit(): Promise<string> {
  try {
    const { stdout: hash } = await run('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root });
    const { stdout: changes } = await run(
      'git',
      ['status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs'],
      { cwd: root },
    );
    return hash.trim() + (changes === '' ? '' : ' with changes');
  } catch {
    return 'not a git checkout';
  }
}

function machine(): string {
  const processors = cpus();
  return `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}/${process.arch}`;
}

if (import.meta.main) await drawFigures();
