/** The version before this one, as `pack.ts` has packed it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { parse } from 'yaml';

/** The packed chart. */
export const previousChart = join(import.meta.dirname, 'chart.tgz');

/** Its version, which is also that of its images. */
export async function previousVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'version.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Unpacks the operator into a new folder, as `app/main.mjs`; resolves to the folder. */
export async function unpackPreviousOperator(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-previous-operator-'));
  await mkdir(join(dir, 'app'));
  const packed = await readFile(join(import.meta.dirname, 'operator.mjs.br'));
  await writeFile(join(dir, 'app/main.mjs'), brotliDecompressSync(packed));
  return dir;
}

/** The definition that it installed, by its plural; of a kind that is younger than it, the one that is kept beside it. */
export function previousCrd(plural: string): unknown {
  const path = `rtc-operator/templates/crd-${plural}.yaml`;
  const packed = execFileSync('tar', ['-tzf', previousChart], { encoding: 'utf8' }).split('\n');
  const text = packed.includes(path)
    ? execFileSync('tar', ['-xzOf', previousChart, path], { encoding: 'utf8' })
    : readFileSync(join(import.meta.dirname, `${plural}.yaml`), 'utf8');
  return parse(text.replaceAll(/^\{\{.*$/gm, ''), { version: '1.1' });
}
